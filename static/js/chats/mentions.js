/** Mentions: people of a chat offered behind a typed @, and their names marked in messages. */
import { avatar } from '../components/avatar.js';
import { el, uniqueId } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { contains } from '../lib/text.js';

const MAX_OFFERED = 6;
const TYPED = /(?:^|[^\p{L}\p{N}_@/.-])@([\p{L}\p{N}_-]{0,32})$/u; // before the caret
const MENTION = /(?<![\p{L}\p{N}_@/.-])@([A-Za-z0-9_-]{1,32})/gu;

/** The name that is being typed behind an @ in front of the caret, "" for none yet, null where there is no @. */
export function typedName(textBefore) {
  return textBefore.match(TYPED)?.[1] ?? null;
}

/** The people whose user name or name contains a text, those whose name begins with it first. */
export function peopleFor(people, text) {
  const begins = ({ name, userName }) => [name, userName].some((each) => each.toLowerCase().startsWith(text.toLowerCase()));
  return people.filter(({ name, userName }) => contains(name, text) || contains(userName, text))
    .sort((a, b) => begins(b) - begins(a) || a.name.localeCompare(b.name)).slice(0, MAX_OFFERED);
}

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

/** The list of people above the field. */
export class MentionList {
  #field;
  #people;
  #list = el('ul', { class: 'mentionList', role: 'listbox', id: uniqueId('mentions'), 'aria-label': t('chats.js.mention'), hidden: true });
  #offered = [];
  #at = 0;

  /**
   * @param {HTMLTextAreaElement} field
   * @param {() => {id: number, name: string, userName: string, picUrl: string}[]} people
   */
  constructor(field, people) {
    this.#field = field;
    this.#people = people;
    field.setAttribute('aria-autocomplete', 'list');
    field.setAttribute('aria-controls', this.#list.id);
    field.parentElement.before(this.#list);
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** Shows who fits what is typed before the caret, or closes. */
  update() {
    const { value, selectionStart, selectionEnd } = this.#field;
    const text = selectionStart === selectionEnd ? typedName(value.slice(0, selectionStart)) : null;
    this.#offered = text === null ? [] : peopleFor(this.#people(), text);
    this.#at = 0;
    this.#draw();
  }

  close() {
    this.#offered = [];
    this.#draw();
  }

  /** Uses a key of the open list: true if it was one. */
  key(key) {
    if (!this.isOpen) return false;
    const count = this.#offered.length;
    if (key === 'ArrowDown') this.#at = (this.#at + 1) % count;
    else if (key === 'ArrowUp') this.#at = (this.#at + count - 1) % count;
    else if (key === 'Enter' || key === 'Tab') this.#choose(this.#offered[this.#at]);
    else if (key === 'Escape') this.#offered = [];
    else return false;
    this.#draw();
    return true;
  }

  #choose({ userName }) {
    const { value, selectionStart } = this.#field;
    const before = value.slice(0, selectionStart);
    const from = before.length - typedName(before).length;
    this.#field.setRangeText(`${userName} `, from, selectionStart, 'end');
    this.#offered = [];
    this.#draw();
    this.#field.focus();
    this.#field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  #draw() {
    this.#list.hidden = this.#offered.length === 0;
    this.#list.replaceChildren(...this.#offered.map((person, index) => el('li', {
      class: 'mentionOption', role: 'option', id: `${this.#list.id}-${person.id}`, 'aria-selected': String(index === this.#at),
      onpointerdown: (event) => { event.preventDefault(); this.#choose(person); },
    }, avatar(person, { size: 'small', named: false }), el('span', { dir: 'auto' }, person.name), person.name !== person.userName && el('span', { class: 'muted small' }, `@${person.userName}`))));
    const current = this.#offered[this.#at];
    if (current) this.#field.setAttribute('aria-activedescendant', `${this.#list.id}-${current.id}`);
    else this.#field.removeAttribute('aria-activedescendant');
  }
}
