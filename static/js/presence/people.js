/**
 * `<presence-people>`: who else is on the board, and how present they are. Tells the server the same of this page:
 * here, idle after a while without a touch, away while it is in the background.
 */
import { avatar } from '../components/avatar.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { storeOf } from '../projects/store.js';

const IDLE_AFTER = 5 * 60_000; // ms
const LOOK_EVERY = 30_000;
const MOST = 4;
const MOST_ON_PHONE = 1;

export default class People extends Element {
  #store;
  #said = null;
  #touchedAt = Date.now();
  #timer = null;

  connected() {
    this.#store = storeOf(this);
    this.#store.watch('presence', (present) => this.#show(present), this.signal);
    this.#store.watch('synced', () => this.#say(), this.signal);
    this.#store.on('state', () => { if (!this.#store.isSynced) this.#said = null; }, this.signal);
    this.listen(document, 'visibilitychange', () => this.#look());
    for (const type of ['pointerdown', 'pointermove', 'keydown', 'wheel']) this.listen(document, type, () => this.#touched(), { passive: true });
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY);
  }

  disconnected() {
    clearInterval(this.#timer);
  }

  get #state() {
    if (document.visibilityState === 'hidden') return 'away';
    return Date.now() - this.#touchedAt > IDLE_AFTER ? 'idle' : 'here';
  }

  #touched() {
    this.#touchedAt = Date.now();
    if (this.#said === 'idle') this.#look();
  }

  #look() {
    if (this.#said !== null && this.#said !== this.#state) this.#say();
  }

  async #say() {
    const state = this.#state;
    this.#said = state;
    try {
      this.#show(await this.#store.send('presence', { state }));
    } catch {
      // It is said again as soon as the board is in step with the server.
      this.#said = null;
    }
  }

  #show({ people, visitors }) {
    const others = people.filter(({ id }) => String(id) !== this.#store.me);
    const most = matchMedia('(width <= 640px)').matches ? MOST_ON_PHONE : MOST;
    const faces = others.slice(0, most).map((person) => face(person));
    const rest = others.slice(most);
    if (rest.length > 0) faces.push(el('span', { class: 'avatarMore', title: rest.map(({ name }) => name).join(', ') }, `+${rest.length}`));
    // A visitor counts themselves too.
    const strangers = visitors - (this.#store.role === 'no-role' ? 1 : 0);
    if (strangers > 0) faces.push(el('span', { class: 'presenceVisitors small muted' }, t('presence.js.visitors', { Count: strangers })));
    if (faces.length > 0) {
      const count = others.length + Math.max(0, strangers);
      faces.push(el('span', { class: 'presenceCount small', role: 'img', 'aria-label': t('presence.js.count', { Count: count }) }, String(count)));
    }
    this.replaceChildren(...faces);
    this.hidden = faces.length === 0;
  }
}

function face(person) {
  const label = t('presence.js.person', { Name: person.name, State: stateText(person.state) });
  return el('span', { class: `presenceFace presenceFace-${person.state}`, role: 'img', 'aria-label': label, title: label, 'data-face': person.id }, avatar(person, { named: false }));
}

function stateText(state) {
  if (state === 'here') return t('presence.js.state.here');
  return state === 'idle' ? t('presence.js.state.idle') : t('presence.js.state.away');
}
