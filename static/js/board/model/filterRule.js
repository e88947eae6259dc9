/** Which cards pass a filter, and how a filter is written in the page's address. Its facets are added by modules. */
import { extensions } from '../extensions.js';
import { cardSchema } from '../../cards/schema.js';
import { contains } from '../../lib/text.js';

/**
 * @typedef {{text: string, any?: string[]} & Record<string, string[]>} Filter `text`, the chosen values by facet, and in `any`
 *   the facets of which one chosen value is enough
 */

/** The filter that every card passes. */
export const noFilter = Object.freeze({ text: '' });

/** The chosen values of a facet. */
export function chosenIn(filter, facet) {
  return filter[facet] ?? [];
}

/** Whether one chosen value of a facet is enough. */
export function matchesAny(filter, facet) {
  return filter.any?.includes(facet) ?? false;
}

/** Whether a filter hides anything at all. */
export function isFiltering(filter) {
  return filter.text !== '' || extensions.facets.some(({ name }) => chosenIn(filter, name).length > 0);
}

/** Whether a card passes: one of its texts contains the text, and it has what is chosen of each facet. */
export function passes(card, filter) {
  if (!extensions.facets.every((facet) => passesFacet(card, filter, facet))) return false;
  return filter.text === '' || cardSchema.textsOf(card).some((one) => contains(one, filter.text));
}

function passesFacet(card, filter, { name, valuesOf }) {
  const chosen = chosenIn(filter, name);
  if (chosen.length === 0) return true;
  const values = valuesOf(card);
  return matchesAny(filter, name) ? chosen.some((value) => values.includes(value)) : chosen.every((value) => values.includes(value));
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
  const filter = { text: params.get('q') ?? '' };
  for (const { name, isValue } of extensions.facets) {
    const chosen = listIn(params, name).filter(isValue);
    if (chosen.length > 0) filter[name] = chosen;
  }
  const any = listIn(params, 'any').filter((name) => extensions.facets.some((facet) => facet.hasAny && facet.name === name));
  return any.length > 0 ? { ...filter, any } : filter;
}

/** The query with the filter written into it; what else it holds stays. */
export function queryWith(query, filter) {
  const params = new URLSearchParams(query);
  const lists = [...extensions.facets.map(({ name }) => [name, chosenIn(filter, name)]), ['any', filter.any ?? []]];
  for (const name of ['q', ...lists.map(([list]) => list)]) params.delete(name);
  if (filter.text) params.set('q', filter.text);
  for (const [name, values] of lists) if (values.length > 0) params.set(name, values.join(','));
  const written = params.toString();
  return written ? `?${written}` : '';
}

function listIn(params, name) {
  return (params.get(name) ?? '').split(',');
}
