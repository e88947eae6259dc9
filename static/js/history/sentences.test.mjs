import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { extensions } from '../board/extensions.js';
import { Lexicon } from '../lib/i18n.js';
import { sentence } from './sentences.js';

const source = readFileSync(new URL('sentences.js', import.meta.url), 'utf8');

// The page's texts need a page; so the sentences are looked at in the catalogue, whose keys the script names.
for (const lang of ['en', 'de']) {
  test(`every kind has a sentence with all that it needs, ${lang}`, () => {
    const texts = JSON.parse(readFileSync(new URL(`../../../modules/history/locales/${lang}.json`, import.meta.url), 'utf8'));
    const lexicon = new Lexicon(lang, texts);
    const values = { Who: 'Ana', Name: 'Card', List: 'To do', Old: 'Doing', New: 'Done', OldName: 'Before' };
    const keys = [...source.matchAll(/'(history\.js\.\w+)'/g)].map(([, key]) => key);
    assert.ok(keys.length > 20);
    for (const key of keys) {
      const text = lexicon.t(key, values);
      assert.notEqual(text, key);
      assert.doesNotMatch(text, /\{\{|undefined/);
      if (/(list|card)[A-Z]\w+$/i.test(key)) assert.match(text, /Ana/);
      if (/\.this/.test(key)) assert.doesNotMatch(text.replace(/“Before”.*|„Before“.*/, ''), /Card/, 'the name of the card itself');
    }
    assert.match(lexicon.t('history.js.cardChangedList', values), /Doing.*Done/);
    assert.notEqual(lexicon.t('history.js.memberLeft', values), lexicon.t('history.js.memberTakenOut', values));
  });
}

test('a module has sentences of its own', () => {
  extensions.register('votes', (board) => {
    board.addHistorySentences({ 'votes.added': { text: ({ Who, Name }, { count }) => `${Who}: ${count} for ${Name}`, icon: 'check' } });
  });
  assert.equal(sentence({ type: 'votes.added', userName: 'Ana', name: 'Card', count: 3 }), 'Ana: 3 for Card');
});
