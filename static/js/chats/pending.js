/** Messages that are not sent yet, kept in this tab over a reload. They have the identifiers with which they are sent, so none is sent twice. */
import { sessionStore } from '../lib/storage.js';

const placeOf = (me, { type, id }) => `chat:${me}:${type}:${id}`;

/** The kept messages of a chat: `{key, content, at, reply, after}`. */
export function keptMessages(me, chat) {
  try {
    return (JSON.parse(sessionStore.getItem(placeOf(me, chat))) ?? []).map((message) => ({ ...message, at: new Date(message.at), problem: '' }));
  } catch {
    return [];
  }
}

/** Keeps the messages of a chat; files cannot be kept. */
export function keepMessages(me, chat, all) {
  const pending = all.filter(({ file }) => !file);
  if (pending.length === 0) sessionStore.removeItem(placeOf(me, chat));
  else sessionStore.setItem(placeOf(me, chat), JSON.stringify(pending));
}
