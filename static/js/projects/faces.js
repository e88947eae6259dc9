/**
 * `<projects-faces>`: the members in the board's head, those that are marked first. A mark is the state "faceMarks" of the
 * store, which a module may set: who is on the board.
 */
import { avatarStack } from '../components/avatar.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { storeOf } from '../board/store.js';

const MOST = 5;
const MOST_ON_PHONE = 2;

export default class Faces extends Element {
  #store;
  #phone = matchMedia('(width <= 640px)');

  connected() {
    this.#store = storeOf(this);
    this.#store.on('change', ({ view, previous }) => view.members !== previous.members && this.#show(), this.signal);
    this.#store.on('faceMarks', () => this.#show(), this.signal);
    this.listen(this.#phone, 'change', () => this.#show());
    this.#show();
  }

  get #marks() {
    return this.#store.get('faceMarks') ?? new Map();
  }

  #show() {
    const marks = this.#marks;
    const order = ({ id }) => marks.get(id)?.order ?? Infinity;
    const people = this.#store.people.sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b)));
    this.target('faces').replaceChildren(avatarStack(people, { most: this.#phone.matches ? MOST_ON_PHONE : MOST, size: 'head', marks }));
    const marked = people.filter(({ id }) => marks.has(id)).map(({ id }) => marks.get(id).label);
    this.target('button').setAttribute('aria-label', marked.length > 0 ? t('projects.js.people.marked', { Names: marked.join(', ') }) : t('projects.js.people.open'));
  }
}
