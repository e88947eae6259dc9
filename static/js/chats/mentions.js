/** Names behind an @ that are marked in messages. */
import { el } from '../lib/dom.js';

const MENTION = /(?<![\p{L}\p{N}_@/.-])@([A-Za-z0-9_-]{1,32})/gu;

/**
 * Marks the mentions in the texts of an element.
 *
 * @param {HTMLElement} element
 * @param {(userName: string) => {id: number, name: string} | undefined} find by the user name in lower case
 * @param {number} me
 */
export function markMentions(element, find, me) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT, ({ parentElement }) => (parentElement.closest('a, code, .mention') ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT));
  const texts = [];
  while (walker.nextNode()) if (walker.currentNode.data.includes('@')) texts.push(walker.currentNode);
  for (const text of texts) markIn(text, find, me);
}

function markIn(text, find, me) {
  const parts = [];
  let done = 0;
  for (const { 0: whole, 1: typed, index } of text.data.matchAll(MENTION)) {
    const name = find(typed.toLowerCase()) ? typed : typed.replace(/[-_]+$/, '');
    const person = find(name.toLowerCase());
    if (!person) continue;
    parts.push(text.data.slice(done, index), el('span', { class: `mention${person.id === me ? ' mention-own' : ''}`, title: person.name }, whole.slice(0, name.length + 1)));
    done = index + name.length + 1;
  }
  if (parts.length > 0) text.replaceWith(...parts, text.data.slice(done));
}
