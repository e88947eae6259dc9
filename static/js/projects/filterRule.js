/** Which cards a filter lets through, and how a filter is written in the page's address. */
import { contains } from '../lib/text.js';

/** The filter that lets everything through. */
export const noFilter = Object.freeze({ text: '', members: Object.freeze([]) });

/** Whether a filter hides anything at all. */
export function isFiltering({ text, members }) {
  return text !== '' || members.length > 0;
}

/** Whether a card is shown: its name or description has the text, and everyone chosen is on it. */
export function passes(card, { text, members }) {
  if (!members.every((member) => card.members.includes(member))) return false;
  return text === '' || contains(card.name, text) || contains(card.desc, text);
}

/** How many of all cards are shown. */
export function countShown(state, filter) {
  let shown = 0;
  for (const card of state.cards.values()) if (passes(card, filter)) shown += 1;
  return { shown, all: state.cards.size };
}

/** Reads a filter from the query of an address. */
export function filterFrom(query) {
  const params = new URLSearchParams(query);
  return { text: params.get('q') ?? '', members: (params.get('members') ?? '').split(',').filter((id) => /^\d+$/.test(id)) };
}

/** The query with the filter written into it; what else it holds stays. */
export function queryWith(query, { text, members }) {
  const params = new URLSearchParams(query);
  params.delete('q');
  params.delete('members');
  if (text) params.set('q', text);
  if (members.length > 0) params.set('members', members.join(','));
  const written = params.toString();
  return written ? `?${written}` : '';
}
