/**
 * The messages of one chat as this page knows them: those of the server by their numbers, and behind them those that are
 * being sent. Revisions tell what was missed: each change of a chat has the next one.
 */
import { toPerson } from '../lib/person.js';

/** A message of the server as pages show it; that of a file has its name as content. `hidden` is set for those of people that the viewer has blocked, which have no text. */
export function toMessage({ id, fromId, fromName, displayName, picUrl, content, datetime, num, rev, edited = false, deleted = false, hidden = false, actionId = '', replyTo = null, reactions = [], file = null }) {
  const { name, userName } = toPerson({ name: fromName, displayName });
  return { id, fromId, name, userName, picUrl, content: file ? file.name : content, file, at: new Date(datetime), num, rev, edited, deleted, hidden, key: actionId, reply: replyTo && toQuote(replyTo), reactions };
}

/** What an answer shows of the message that it answers. */
export function toQuote({ id, num, fromId, fromName, displayName, content, deleted = false, hidden = false }) {
  return { id, num, fromId, name: toPerson({ name: fromName, displayName }).name, content, deleted, hidden };
}

/** Which chat a message of the server belongs to, as the viewer names it: `{type, id}`. */
export function chatOf({ chatGroupId, projectChatGroupId, fromId, toId }, me) {
  if (chatGroupId) return { type: 'chatGroup', id: chatGroupId };
  if (projectChatGroupId) return { type: 'projectChatGroup', id: projectChatGroupId };
  return { type: 'userToUser', id: fromId === me ? toId : fromId };
}

export class Messages {
  #byNum = new Map();
  #pending = [];
  #rev = 0;

  /** The messages of the server, the oldest first. */
  get all() {
    return [...this.#byNum.values()].sort((a, b) => a.num - b.num);
  }

  /** The messages that are being sent: `{key, content, at, problem}`, in the order in which they were typed. */
  get pending() {
    return this.#pending;
  }

  /** The revision up to which nothing is missing. */
  get rev() {
    return this.#rev;
  }

  /** The number of the oldest message; 0 without one. */
  get oldest() {
    return this.all[0]?.num ?? 0;
  }

  /** The number of the newest message; 0 without one. */
  get newest() {
    return this.all.at(-1)?.num ?? 0;
  }

  /** The last message that is not deleted. */
  get last() {
    return this.all.findLast(({ deleted }) => !deleted);
  }

  /** Adds messages of a page of the chat. With `newest` the page is the end of the chat. */
  addPage(messages, { newest = false } = {}) {
    for (const message of messages) this.#put(message);
    if (newest) this.#rev = Math.max(this.#rev, ...this.all.map(({ rev }) => rev));
  }

  /**
   * Adds a message that has just come.
   *
   * @returns {'known' | 'added' | 'gap'} "gap" if there was a change before it that this page has not got
   */
  receive(message) {
    if (message.rev <= this.#rev) return 'known';
    if (message.rev > this.#rev + 1) return 'gap';
    this.#rev = message.rev;
    this.#put(message);
    return 'added';
  }

  /** Updates a message that is known; others are ignored. For a part of the chat that does not reach its end. */
  update(message) {
    if (this.#byNum.has(message.num)) this.#put(message);
  }

  /** Adds a message that is being sent. */
  expect(pending) {
    this.#pending = [...this.#pending, pending];
  }

  /** Changes a message that is being sent. */
  mark(key, problem) {
    this.#pending = this.#pending.map((each) => (each.key === key ? { ...each, problem } : each));
  }

  /** Removes a message that is being sent. */
  drop(key) {
    this.#pending = this.#pending.filter((each) => each.key !== key);
  }

  #put(message) {
    const known = this.#byNum.get(message.num);
    if (known && known.rev > message.rev) return;
    this.#byNum.set(message.num, message);
    if (message.key) this.drop(message.key);
  }
}

const GROUPED = 5 * 60_000; // ms

/**
 * What is shown, from above: `{kind: "day", at}`, `{kind: "unread"}`, `{kind: "message", message, first}`, where `first` begins a
 * group of messages of one person, and `{kind: "pending", message, first}`.
 *
 * @param {Messages} messages
 * @param {object} view
 * @param {number} view.me
 * @param {number} view.unreadAfter the number after which the first message of another person has the line "New"; Infinity for no line
 * @param {(message: object) => boolean} [view.isShown]
 */
export function rowsOf(messages, { me, unreadAfter, isShown = () => true }) {
  const rows = [];
  let before = null;
  let marked = false;
  for (const message of messages.all.filter(isShown)) {
    const newDay = !before || before.at.toDateString() !== message.at.toDateString();
    if (newDay) rows.push({ kind: 'day', at: message.at });
    const isUnread = !marked && message.num > unreadAfter && message.fromId !== me && !message.deleted;
    if (isUnread) rows.push({ kind: 'unread' });
    marked ||= isUnread;
    rows.push({ kind: 'message', message, first: newDay || isUnread || !continues(before, message) });
    before = message;
  }
  for (const message of messages.pending) {
    rows.push({ kind: 'pending', message, first: before?.fromId !== me });
    before = { fromId: me };
  }
  return rows;
}

function continues(before, message) {
  return before.fromId === message.fromId && message.at - before.at < GROUPED;
}
