/** What the viewer watches on a board: `{card, list}`, sets of ids. */
import { toast } from '../components/toast.js';
import { t } from '../lib/i18n.js';

/** What the server says of it. */
export function toWatched({ cards, lists }) {
  return { card: new Set(cards.map(String)), list: new Set(lists.map(String)) };
}

/** Whether the viewer may watch things on the board: a member. */
export function canWatch(store) {
  return store.may('readHistory');
}

/** Whether the viewer watches a card or list. */
export function isWatched(store, kind, id) {
  const all = store.get('watched') ?? store.view.parts.watched;
  return all?.[kind].has(store.model.realId(id) ?? id) ?? false;
}

/** Watches a card or list, or ends it. */
export async function toggleWatch(store, kind, { id, name }) {
  const on = !isWatched(store, kind, id);
  try {
    const { watched } = await store.send('watch', { kind, id: Number(store.model.realId(id)), on });
    store.set('watched', toWatched(watched));
    toast(t(on ? 'watching.js.watched' : 'watching.js.unwatched', { Name: name }), { kind: 'success' });
  } catch (error) {
    toast(error.message || t('watching.js.failed'), { kind: 'danger' });
  }
}
