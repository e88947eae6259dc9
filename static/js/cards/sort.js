/** Sorting the cards of a list: entries of its menu. Each sorts once; the list does not stay sorted. */
import { lang, t } from '../lib/i18n.js';
import { toast } from '../components/toast.js';
import { cardsOf } from '../board/model/boardState.js';
import { sortCards } from './operations.js';

const MAX_SORTED = 2000; // modules/cards/model.go has the same number

export const sortActions = [
  sortBy('sortByName', 650, 'chevronDown', () => t('cards.js.sort.name'), byName),
  sortBy('sortByNewest', 660, 'history', () => t('cards.js.sort.newest'), byNewest),
];

/**
 * An entry of the menu of lists that sorts the cards by a comparison; cards that compare as equal keep their order.
 *
 * @param {string} name
 * @param {number} order its place in the menu
 * @param {string} icon
 * @param {() => string} text
 * @param {() => (a: object, b: object) => number} comparison
 */
export function sortBy(name, order, icon, text, comparison) {
  const sorted = ({ list, store }) => cardsOf(store.view, list.id).toSorted(comparison());
  const isSorted = ({ list, store }) => sorted({ list, store }).every((card, index) => card.pos === index);
  return {
    name, order, icon, text, isDisabled: isSorted,
    run(store, { list }) {
      const ids = sorted({ list, store }).map(({ id }) => id);
      if (ids.length > MAX_SORTED) {
        toast(t('cards.js.sort.tooMany', { Max: MAX_SORTED }), { kind: 'warning' });
        return;
      }
      store.do(sortCards({ listId: list.id, ids }));
      store.emit('announce', t('cards.js.sort.done', { Name: list.name }));
    },
  };
}

// As people sort: umlauts with their letters, 2 before 10.
function byName() {
  const { compare } = new Intl.Collator(lang(), { numeric: true });
  return (a, b) => compare(a.name, b.name);
}

// Ids grow; one that the server has not assigned yet is the newest.
function byNewest() {
  const age = ({ id }) => (Number.isNaN(Number(id)) ? Infinity : Number(id));
  return (a, b) => (age(a) === age(b) ? 0 : age(b) - age(a));
}
