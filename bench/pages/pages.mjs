// What a page and a move cost: statements, and CPU time of the server's
// process, which holds on a busy machine where wall time does not.
//
//   node bench/pages/pages.mjs           after `make build`
//
// The Flask application needed 338 ms and 1,052 statements for the large board,
// 20 ms and 44 for the home page, 9.8 ms and 27 for a move, on the machine the
// goals were measured on.

import { Server, ask, connect, logIn, makeBoard, page, snapshot } from '../lib/server.mjs'

const LARGE = '/dmitri/hardware-release'
const WATCHERS = 50

/** CPU milliseconds of one page, the median of five batches. */
async function costOf (server, times, run) {
  for (let i = 0; i < times; i++) await run(i) // warm up
  const batches = []
  for (let batch = 0; batch < 5; batch++) {
    const before = await server.cpu()
    for (let i = 0; i < times; i++) await run(i)
    batches.push((await server.cpu() - before) / times)
  }
  return batches.sort((a, b) => a - b)[2]
}

/** A card that goes to and fro while others watch; every watcher must receive every move. */
async function moves (server, cookie) {
  const { project } = await snapshot(server, cookie, LARGE)
  const [from, to] = Object.keys(project.lists)
  const card = Object.keys(project.lists[from].cards)[0]
  const watchers = await Promise.all(Array.from({ length: WATCHERS }, async () => {
    const socket = await connect(server, cookie)
    await ask(socket, 'join_project_room', project.id)
    socket.heard = 0
    socket.on('update_cards_pos', () => { socket.heard++ })
    return socket
  }))
  let made = 0
  const move = async i => {
    await ask(watchers[0], 'move_card', { projectId: project.id, id: card, listId: i % 2 ? from : to, pos: 3 })
    made++
  }
  const cost = await costOf(server, 100, move)
  const last = await ask(watchers[0], 'move_card', { projectId: project.id, id: card, listId: from, pos: 0 })
  made++
  await Promise.all(watchers.map(async w => {
    while (w.heard < made) await new Promise(resolve => w.once('update_cards_pos', () => setImmediate(resolve)))
  }))
  const statements = server.statements('event=move_card')
  watchers.forEach(w => w.disconnect())
  return { cost, statements, last }
}

const server = await Server.start()
try {
  const cookie = await logIn(server, 'dmitri')
  const rows = []
  const measure = async (name, path, goal) => {
    const cost = await costOf(server, 40, () => page(server, cookie, path))
    rows.push({ what: name, statements: server.statements('path=' + path + ' '), 'CPU ms': cost.toFixed(2), goal })
  }
  await measure('board, 20 lists x 25 cards', LARGE, '12 statements, 14 ms')
  await measure('board, 2 lists x 2 cards', await makeBoard(server, cookie, 'small', 2, 2), 'the same statements')
  await measure('home page', '/', '12 statements, 3 ms')
  const json = await costOf(server, 40, () => snapshot(server, cookie, LARGE))
  rows.push({ what: 'snapshot of the large board as JSON', statements: server.statements('path=' + LARGE), 'CPU ms': json.toFixed(2), goal: '8 ms' })
  const { cost, statements } = await moves(server, cookie)
  rows.push({ what: `move_card with ${WATCHERS} watching`, statements, 'CPU ms': cost.toFixed(2), goal: '12 statements, 1.2 ms' })
  console.table(rows)
} finally {
  await server.stop()
}
process.exit(0)
