// The official clients behind one face, and what the tests share.
import { createRequire } from "node:module";
import { once } from "node:events";

const require = createRequire(import.meta.url);

export const base = process.env.SOCKETIO_URL;
export const versions = ["1", "2", "3", "4"];
export const transports = { default: undefined, polling: ["polling"], websocket: ["websocket"] };

/** Opens a socket of a client version; every socket gets a connection of its own. */
export function open(version, { namespace = "/", transport = "default", query = {}, ...options } = {}) {
  const io = require(`socket.io-client-${version}`);
  const all = { forceNew: true, reconnection: false, query: queryFor(version, query), ...options };
  if (transports[transport]) all.transports = transports[transport];
  return (io.io ?? io)(base + (namespace === "/" ? "" : namespace), all);
}

// Clients 1.x want the query as text.
function queryFor(version, query) {
  return version === "1" ? new URLSearchParams(query).toString() : query;
}

/** Waits for an event and gives its arguments. */
export function next(socket, event, ms = 10_000) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no "${event}" within ${ms} ms`)), ms);
    socket.once(event, (...args) => {
      clearTimeout(timer);
      resolve(args);
    });
  });
}

export async function connected(version, options) {
  const socket = open(version, options);
  const failed = new Promise((_, reject) => {
    for (const name of ["connect_error", "error"]) {
      socket.once(name, (e) => reject(e instanceof Error ? e : new Error(String(e))));
    }
  });
  failed.catch(() => {}); // an error after the connection is not this function's
  await Promise.race([next(socket, "connect"), failed]);
  return socket;
}

export function ask(socket, event, ...args) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`"${event}" not acknowledged`)), 10_000);
    socket.emit(event, ...args, (...reply) => {
      clearTimeout(timer);
      resolve(reply.length > 1 ? reply : reply[0]);
    });
  });
}

/** The engine under a socket: its transport can be watched. */
export function engine(socket) {
  return socket.io.engine;
}

export async function upgraded(socket) {
  while (engine(socket).transport.name !== "websocket") await once(engine(socket), "upgrade");
}

/** Asks the server's control path to do something. */
export async function control(action) {
  const answer = await fetch(`${base}/control/${action}`, { method: "POST" });
  if (!answer.ok) throw new Error(`control ${action}: ${answer.status}`);
  return answer.text();
}
