import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMarkdown, setTask } from './markdown.js';

/** The tree as a short text: `p(a strong(b))`. */
function short(nodes) {
  return nodes.map(({ type, text, level, href, task, children, delimiter, start }) => {
    if (type === 'text') return text;
    const box = task ? `[${task.checked ? 'x' : ' '}]` : '';
    const more = level ?? (delimiter ? `${start}${delimiter}` : '');
    return `${type}${more}${box}(${href ? `${href} ` : ''}${text ?? short(children ?? [])})`;
  }).join('');
}

const corpus = [
  ['plain', 'paragraph(plain)'],
  ['', ''],
  ['one\ntwo\n\nthree', 'paragraph(one\ntwo)paragraph(three)'],
  ['one\n\n\n\ntwo', 'paragraph(one)gap()gap()paragraph(two)'],
  ['  indented\n    more\n\ttab', 'paragraph(  indented\n    more\n\ttab)'],
  ['**bold** _it_ *it* ~~no~~ `a < b`', 'paragraph(strong(bold) em(it) em(it) strike(no) codeText(a < b))'],
  ['__bold__ snake_case_name 2 * 3 * 4', 'paragraph(strong(bold) snake_case_name 2 * 3 * 4)'],
  ['# One\n## Two\ntext', 'heading1(One)heading2(Two)paragraph(text)'],
  ['#1 and C# and issue #5', 'paragraph(#1 and C# and issue #5)'],
  ['no heading\n===\nneither\n---', 'paragraph(no heading\n===\nneither)rule()'],
  ['- a\n- b\n  - c', 'list(item(paragraph(a))item(paragraph(b)list(item(paragraph(c)))))'],
  ['3. a\n4. b', 'list3.(item(paragraph(a))item(paragraph(b)))'],
  ['1) a', 'list1)(item(paragraph(a)))'],
  ['- [ ] a\n- [x] b\n- [X]\n- [y] c\n- [ ]d', 'list(item[ ](paragraph(a))item[x](paragraph(b))item[x](paragraph())item(paragraph([y] c))item(paragraph([ ]d)))'],
  ['[ ] no list', 'paragraph([ ] no list)'],
  ['- [x](https://a.example)', 'list(item(paragraph(link(https://a.example x))))'],
  ['> a\n> b\n\nc', 'quote(paragraph(a\nb))paragraph(c)'],
  ['```js\nif (a) {\n  b\n}\n```\nafter', 'code(if (a) {\n  b\n})paragraph(after)'],
  ['```\nopen', 'code(open)'],
  ['see https://a.example/x_(y)?b=c&d=%20, or http://b.example.', 'paragraph(see link(https://a.example/x_(y)?b=c&d=%20 https://a.example/x_(y)?b=c&d=%20), or link(http://b.example http://b.example).)'],
  ['write to ana@example.org', 'paragraph(write to link(mailto:ana@example.org ana@example.org))'],
  ['[home](https://a.example "title") <https://b.example>', 'paragraph(link(https://a.example home) link(https://b.example https://b.example))'],
  ['readme.md and example.org stay', 'paragraph(readme.md and example.org stay)'],
  ['![picture](https://a.example/x.png)', 'paragraph(!link(https://a.example/x.png picture))'],
  ['[a]: https://a.example\n[a]', 'paragraph([a]: link(https://a.example https://a.example)\n[a])'],
  ['| a | b |\n|---|---|\n| 1 | 2 |', 'paragraph(| a | b |\n|---|---|\n| 1 | 2 |)'],
  ['<b>x</b> <img src=x onerror=alert(1)> &lt; &amp; <!-- y -->', 'paragraph(<b>x</b> <img src=x onerror=alert(1)> &lt; &amp; <!-- y -->)'],
  ['\\*x\\* \\\\server\\share C:\\new', 'paragraph(*x* \\\\server\\share C:\\new)'],
];

test('the subset, and nothing beyond it', () => {
  for (const [text, tree] of corpus) assert.equal(short(parseMarkdown(text)), tree, JSON.stringify(text));
});

test('links are http, https and mailto', () => {
  for (const href of [
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', '&#106;avascript:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///etc/passwd', '//evil.example',
    '/settings', '?card=1', 'blob:https://a.example/1', 'ftp://a.example', '\u0001javascript:alert(1)', 'x-https://a.example',
  ]) {
    for (const text of [`[x](${href})`, `[x](<${href}>)`, `<${href}>`, href, `[x](${href} "t")`]) {
      const links = all(parseMarkdown(text)).filter(({ type }) => type === 'link');
      assert.deepEqual(links.filter((link) => !/^(https?:\/\/[a-z]|mailto:)/.test(link.href)), [], text);
    }
  }
});

test('a task is set in the text, whatever is around it', () => {
  for (const [text, line, expected] of [
    ['- [ ] a', 0, '- [x] a'], ['x\r- [ ] a', 1, 'x\r- [x] a'], ['x\r- [ ] a', 1, 'x\r- [x] a'], ['x\r\n- [ ] a\r\n- [ ] b', 2, 'x\r\n- [ ] a\r\n- [x] b'], ['> 1. - [X] a [ ]', 0, '> 1. - [ ] a [ ]'], ['* [ ] a\n\n\n* [x] b', 3, '* [ ] a\n\n\n* [ ] b'],
  ]) {
    const task = all(parseMarkdown(text)).map((node) => node.task).find((found) => found?.line === line);
    assert.ok(task, text);
    const changed = setTask(text, line, !task.checked);
    assert.equal(changed, expected);
    assert.equal(all(parseMarkdown(changed)).map((node) => node.task).find((found) => found?.line === line).checked, !task.checked);
  }
});

function all(nodes) {
  return nodes.flatMap((node) => [node, ...all(node.children ?? [])]);
}

// What people and attackers put together; words are counted, so that each is known by its number.
const pieces = [
  '\n', '\n\n', ' ', '  ', '    ', '\t', '- ', '* ', '1. ', '12) ', '- [ ] ', '- [x] ', '> ', '# ', '###### ', '```\n', '~~~\n', '`', '``', '*', '**', '***', '_', '__', '~~', '~', '[', ']', '](', ')', '<', '>',
  '](https://a.example/', '](javascript:', '"', '\'', '&amp;', '&#x6a;', '\\', '---\n', '===\n', '|', 'https://a.example/', 'http://', 'mailto:', 'ana@example.org', '!', '<script>', '</a>', '\u0000', '\u202e', '😀', 'ß', '\r\n', '\ud800', ':', '//',
];

function random(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const TYPES = new Set(['paragraph', 'gap', 'heading', 'quote', 'list', 'item', 'code', 'rule', 'text', 'strong', 'em', 'strike', 'codeText', 'link']);

test('no text breaks the parser, none loses a word, and all tasks can be set', () => {
  for (let seed = 1; seed <= 3000; seed += 1) {
    const next = random(seed);
    let words = 0;
    const text = Array.from({ length: 1 + next(60) }, () => {
      if (next(3) > 0) return pieces[next(pieces.length)];
      words += 1;
      return `w${words}w`;
    }).join('');
    const nodes = all(parseMarkdown(text));
    assert.deepEqual(nodes.filter(({ type }) => !TYPES.has(type)), [], `seed ${seed}`);
    for (const { href } of nodes.filter(({ type }) => type === 'link')) assert.match(href, /^(https?:\/\/|mailto:)/i, `seed ${seed}`);
    const shown = nodes.map((node) => [node.text, node.title, decode(node.href)].join('\n')).join('\n');
    const lost = Array.from({ length: words }, (_, index) => `w${index + 1}w`).filter((word) => !shown.includes(word) && !isFenceName(text, word));
    assert.deepEqual(lost, [], `seed ${seed}: ${JSON.stringify(text)}`);
    for (const { task } of nodes) {
      if (!task) continue;
      const changed = setTask(text, task.line, !task.checked);
      assert.deepEqual(tasksOf(changed), tasksOf(text).map((other) => (other.line === task.line ? { ...other, checked: !task.checked } : other)), `seed ${seed}: ${JSON.stringify(text)}`);
    }
  }
});

const tasksOf = (text) => all(parseMarkdown(text)).map(({ task }) => task).filter(Boolean);
const decode = (href = '') => href.replaceAll(/%[0-9A-F]{2}/g, '');
// The name of a language behind a fence is not shown.
const isFenceName = (text, word) => new RegExp(`(?:\`\`\`|~~~)[^\\n\\r]*${word}`).test(text);

test('what an attacker nests or repeats 20,000 times is shown, too', () => {
  const times = (piece) => piece.repeat(Math.ceil(20_000 / piece.length));
  for (const piece of [...pieces, '[a](', '![', '_a_b', '**a *b ', '> - ', '- - ', '<http://', 'a@', '~~a', '- [ ] a\n', '1. a\n', '[a](b)', '`'.repeat(7) + ' ']) {
    const text = `first${times(piece)}last`;
    const shown = all(parseMarkdown(text)).map((node) => `${node.text ?? ''}${decode(node.href)}`).join('');
    assert.ok(shown.includes('last') || isFenceName(text, 'last'), JSON.stringify(piece));
  }
  assert.match(all(parseMarkdown(`${times('> ')}deep`)).at(-1).text, /deep$/);
});
