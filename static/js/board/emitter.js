/**
 * Events, states and commands between scripts that load in any order. An unknown name of an event or state is an error.
 *
 * - An event is passed to those who listen when it happens.
 * - A state keeps its value: a watcher is called at once with the current one.
 * - A command is carried out by the elements that handle it; without one it waits, the last of each name.
 */
export class Emitter extends EventTarget {
  #events;
  #states;
  #values = new Map(); // state → its value
  #handlers = new Map(); // command → how many handle it
  #waiting = new Map(); // command → its detail

  /**
   * @param {object} names
   * @param {string[]} names.events
   * @param {string[]} names.states
   */
  constructor({ events, states }) {
    super();
    this.#events = new Set(events);
    this.#states = new Set(states);
  }

  /** Calls the listeners of an event. */
  emit(event, detail) {
    requireName(this.#events.has(event), event);
    this.#dispatch(event, detail);
  }

  /** Adds a listener to an event, or to the changes of a state, until the signal aborts. */
  on(name, listener, signal) {
    requireName(this.#events.has(name) || this.#states.has(name), name);
    this.#listen(name, listener, signal);
  }

  /** Changes a state. */
  set(state, value) {
    requireName(this.#states.has(state), state);
    this.#values.set(state, value);
    this.#dispatch(state, value);
  }

  /** Makes a state undefined, as before the first `set`. */
  unset(state) {
    this.#values.delete(state);
  }

  /** Whether a state has a value. */
  has(state) {
    return this.#values.has(state);
  }

  /** The value of a state. */
  get(state) {
    return this.#values.get(state);
  }

  /** Adds a listener to a state and calls it at once with the current value, if there is one. */
  watch(state, listener, signal) {
    this.on(state, listener, signal);
    if (this.has(state)) listener(this.get(state));
  }

  /** Has a command carried out; see commands.js. */
  command(name, detail = {}) {
    if (!this.#handlers.get(name)) this.#waiting.set(name, detail);
    this.#dispatch(`command ${name}`, detail);
  }

  /** Carries out a command until the signal aborts, also one that waits. */
  handle(name, handler, signal) {
    this.#listen(`command ${name}`, handler, signal);
    this.#count(name, 1);
    signal.addEventListener('abort', () => this.#count(name, -1), { once: true });
    if (!this.#waiting.has(name)) return;
    const detail = this.#waiting.get(name);
    this.#waiting.delete(name);
    // Elements of a kind are upgraded together; the command may be for another one than the first.
    queueMicrotask(() => this.command(name, detail));
  }

  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  #listen(type, listener, signal) {
    this.addEventListener(type, ({ detail }) => listener(detail), { signal });
  }

  #count(name, step) {
    this.#handlers.set(name, (this.#handlers.get(name) ?? 0) + step);
  }
}

function requireName(isKnown, name) {
  if (!isKnown) throw new Error(`there is no event or state "${name}": board/store.js lists them`);
}
