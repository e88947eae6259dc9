/**
 * The page's one connection to the server, with a channel per Socket.IO namespace.
 *
 * Its state: "online"; "lost" while Socket.IO is trying to reconnect; "sessionEnded" when the server rejects the
 * session, until the next log-in.
 */
import { io } from 'socket.io-client';

// How long (ms) an answer may take; uploads get more, by their size.
const ANSWER_TIMEOUT = 10_000;
const SLOWEST_UPLOAD = 32; // bytes per millisecond

export class Connection extends EventTarget {
  #channels = new Map();
  #state = 'lost';
  #options;
  #url;

  /**
   * @param {object} [options]
   * @param {boolean} [options.visitor] the page has no session: the server grants access to public boards
   * @param {string} [options.url] the server, where it is not that of the page; all else is for Socket.IO
   */
  constructor({ visitor = false, url = '', ...options } = {}) {
    super();
    this.#url = url;
    this.#options = visitor ? { ...options, query: { visitor: '1' } } : options;
  }

  /** "online", "lost" or "sessionEnded". */
  get state() {
    return this.#state;
  }

  /** Calls `listener(state)` now and at every change, until the signal: a script that comes late misses nothing. */
  watch(listener, signal) {
    this.addEventListener('state', () => listener(this.#state), { signal });
    listener(this.#state);
  }

  /** The channel of a namespace, connected at first use. Channels share one connection. */
  channel(namespace) {
    if (!this.#channels.has(namespace)) this.#add(namespace);
    return this.#channels.get(namespace);
  }

  #add(namespace) {
    const channel = new Channel(io(this.#url + namespace, this.#options), (state) => this.#enter(state));
    this.#channels.set(namespace, channel);
    if (this.#state === 'sessionEnded') channel.close();
    else this.#enter(channel.state);
  }

  /** Replaces a connection that may be dead at once, without waiting for the reconnect delay of Socket.IO. */
  restart() {
    if (this.#state === 'sessionEnded') return;
    const channels = [...this.#channels.values()];
    for (const channel of channels) channel.disconnect();
    for (const channel of channels) channel.connect();
  }

  /** Ends all channels. */
  close() {
    for (const channel of this.#channels.values()) channel.close();
    this.#channels.clear();
  }

  // The whole is online when every channel is; one ended session ends all.
  #enter(state) {
    const states = [...this.#channels.values()].map((channel) => channel.state);
    let next = state;
    if (this.#state === 'sessionEnded' || states.includes('sessionEnded')) next = 'sessionEnded';
    else if (states.includes('lost')) next = 'lost';
    if (next === this.#state) return;
    this.#state = next;
    if (next === 'sessionEnded') this.close();
    this.dispatchEvent(new CustomEvent('state', { detail: next }));
  }
}

/** One namespace: `onConnect` for every (re)connect, `onAny` for every event of the server. */
export class Channel {
  #socket;
  #state = 'lost';
  #report;

  constructor(socket, report) {
    this.#socket = socket;
    this.#report = report;
    socket.on('connect', () => this.#enter('online'));
    socket.on('disconnect', (reason) => this.#disconnected(reason));
    socket.on('connect_error', (error) => this.#enter(isUnknownPerson(error) ? 'sessionEnded' : 'lost'));
  }

  /** Like the connection's state, for this namespace alone. */
  get state() {
    return this.#state;
  }

  /** Calls `listener` on every connect, and at once if the channel is connected. */
  onConnect(listener) {
    this.#socket.on('connect', listener);
    if (this.#socket.connected) listener();
    return () => this.#socket.off('connect', listener);
  }

  /** Calls `listener(name, args)` for every event of the server. */
  onAny(listener) {
    const received = (name, ...args) => listener(name, args);
    this.#socket.onAny(received);
    return () => this.#socket.offAny(received);
  }

  /**
   * Sends an event and waits for its answer.
   *
   * @param {object} [options]
   * @param {number} [options.bytes] size of what is uploaded with it
   * @param {number} [options.timeoutMs] how long (ms) the answer may take
   * @returns {Promise<object>} the acknowledgement; rejects with `{code, message, fields, retryAfter}`, where code is
   *   the server's, "offline" (the connection broke before the answer, or with `sent: false` it was not sent) or "timeout"
   */
  async emit(event, data, { bytes = 0, timeoutMs = ANSWER_TIMEOUT + bytes / SLOWEST_UPLOAD } = {}) {
    if (!this.#socket.connected) throw refusal({ error: 'offline', sent: false });
    const answer = await this.#answer(event, data, timeoutMs);
    if (answer?.error) {
      if (answer.error === 'unauthenticated') this.#enter('sessionEnded');
      throw refusal(answer);
    }
    return answer ?? {};
  }

  /** Bytes handed to the connection and not sent yet; null where that cannot be known (long polling). */
  get bufferedBytes() {
    return this.engine?.transport?.ws?.bufferedAmount ?? null;
  }

  /** The Engine.IO client below. */
  get engine() {
    return this.#socket.io.engine;
  }

  /** Disconnects until `connect` is called. */
  disconnect() {
    this.#socket.disconnect();
    this.#enter('lost');
  }

  /** Connects at once, without a reconnect delay. */
  connect() {
    this.#socket.connect();
  }

  /** Ends the channel for good. */
  close() {
    this.#socket.disconnect();
  }

  async #answer(event, data, timeout) {
    try {
      return await this.#socket.timeout(timeout).emitWithAck(event, data);
    } catch {
      throw refusal({ error: this.#socket.connected ? 'timeout' : 'offline' });
    }
  }

  #disconnected(reason) {
    if (reason === 'io client disconnect') return;
    this.#enter('lost');
    // The server closed this socket, as it does when a session ends. Socket.IO leaves it to us to come back: if the
    // session has really ended, the answer to this says so.
    if (reason === 'io server disconnect') this.#socket.connect();
  }

  #enter(state) {
    this.#state = state;
    this.#report(state);
  }
}

let page_connection = null;

/** The connection of this page, made at first use with the options of Connection. */
export function connection(options) {
  page_connection ??= new Connection(options);
  return page_connection;
}

function refusal({ error, message = '', ...rest }) {
  return Object.assign(new Error(message), { code: error, ...rest });
}

// A refused handshake is an HTTP 401; a refused namespace an error packet that says so.
function isUnknownPerson(error) {
  return error.context?.status === 401 || error.data?.error === 'unauthenticated' || /unauthori[sz]ed|unauthenticated/i.test(error.message);
}
