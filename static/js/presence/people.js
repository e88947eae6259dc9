/**
 * `<presence-people>`: marks the faces of the members who are on the board, and shows how many visitors are. Reports how
 * present this page is to the server: here, idle after a while without a touch, away while it is in the background.
 */
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { toPerson } from '../lib/person.js';
import { storeOf } from '../board/store.js';

const IDLE_AFTER = 5 * 60_000; // ms
const LOOK_EVERY = 30_000;
const ORDER = ['here', 'idle', 'away'];

export default class People extends Element {
  #store;
  #said = null;
  #touchedAt = Date.now();
  #timer = null;

  connected() {
    this.#store = storeOf(this);
    this.#store.watch('presence', (present) => this.#show(present), this.signal);
    this.#store.watch('synced', () => this.#say(), this.signal);
    this.#store.on('connection', () => { if (!this.#store.isSynced) this.#said = null; }, this.signal);
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
    const marks = people.map(toPerson).map(({ id, name, state }) => [String(id), { state, order: ORDER.indexOf(state), label: t('presence.js.person', { Name: name, State: stateText(state) }) }]);
    this.#store.set('faceMarks', new Map(marks));
    // A visitor counts themselves too.
    const strangers = visitors - (this.#store.role === 'no-role' ? 1 : 0);
    this.textContent = strangers > 0 ? t('presence.js.visitors', { Count: strangers }) : '';
    this.hidden = strangers <= 0;
  }
}

function stateText(state) {
  if (state === 'here') return t('presence.js.state.here');
  return state === 'idle' ? t('presence.js.state.idle') : t('presence.js.state.away');
}
