// What it costs a page that watches a board while another person moves cards on it: one move each 300 ms between two
// lists in the window, thread time of the page's main thread in each frame, by the browser's own tracing. A small board
// in the same run is the peer.
//
//   node bench/board/moves.mjs           after `make build`

import { setTimeout as lasting } from 'node:timers/promises'
import { Server, ask, connect, joinBoard, logIn, makeBoard, snapshot } from '../lib/server.mjs'
import { FRAME_MS, launch, openPage, quantile, traced } from '../lib/tracing.mjs'

const MOVES = 40
const PAUSE_MS = 300

const server = await Server.start()
const browser = await launch()
try {
  const [cookie, watcher] = [await logIn(server, 'dmitri'), await logIn(server, 'farid')]
  const rows = []
  for (const [lists, cards] of [[2, 2], [20, 25], [5, 100]]) {
    rows.push(await measure(`${lists} x ${cards}`, await makeBoard(server, cookie, `moves-${lists}`, lists, cards), cookie, watcher))
  }
  console.table(rows)
} finally {
  await browser.close()
  await server.stop()
}

async function measure (name, path, cookie, watcher) {
  await joinBoard(server, cookie, path, watcher)
  const { context, page, cdp } = await openPage(browser, server, watcher)
  await page.goto(server.url + path)
  await page.locator('board-root[data-ready]').waitFor()
  await page.locator('[data-card-id]').first().waitFor()
  const { project } = await snapshot(server, cookie, path)
  const socket = await connect(server, cookie)
  const { frames, parts } = await traced(cdp, () => move(socket, project))
  socket.disconnect()
  await context.close()
  const row = {
    board: name, frames: frames.length, 'frame p50 ms': quantile(frames, 0.5), 'frame p95 ms': quantile(frames, 0.95),
    'frame max ms': quantile(frames, 1), 'frames over 16.7 ms': frames.filter(ms => ms > FRAME_MS).length, 'ms per move': round(sum(frames) / MOVES)
  }
  for (const part of ['script', 'style', 'layout', 'paint']) row[`${part} ms`] = round((parts[part] ?? 0) / MOVES)
  return row
}

/** Moves cards from the top of one list to the top of the next, and back. */
async function move (socket, project) {
  const [first, second] = Object.entries(project.lists).sort(([, a], [, b]) => a.pos - b.pos).map(([id]) => Number(id))
  const cards = Object.entries(project.lists[first].cards).sort(([, a], [, b]) => a.pos - b.pos).map(([id]) => Number(id))
  for (let n = 0; n < MOVES; n++) {
    const id = cards[(n >> 1) % cards.length]
    await ask(socket, 'move_card', { projectId: project.id, id, listId: n % 2 ? first : second, pos: n % 2 ? 0 : 1 })
    await lasting(PAUSE_MS)
  }
}

function sum (values) {
  return values.reduce((a, b) => a + b, 0)
}

function round (value) {
  return Number(value.toFixed(2))
}
