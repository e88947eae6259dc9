// What a page and a move cost: statements, and CPU time of the server's
// process, which holds on a busy machine where wall time does not.
//
//   node bench/pages/pages.mjs           after `make build`
//
// The Flask application needed 338 ms and 1,052 statements for the large board,
// 20 ms and 44 for the home page, 9.8 ms and 27 for a move, on the machine the
// goals were measured on.

import { spawn, execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { promisify } from 'node:util'
import { io } from 'socket.io-client'

const BINARY = new URL('../../bin/taskstack', import.meta.url).pathname
const PASSWORD = 'taskstack-demo'
const LARGE = '/dmitri/hardware-release'
const WATCHERS = 50
const CLOCK_TICK_MS = 10

/** A server on data of its own, whose log lines are collected. */
class Server {
  #process
  #lines = []

  static async start (data) {
    const server = new Server()
    const environment = {
      ...process.env, TASKSTACK_DATA_DIR: data, TASKSTACK_ADDR: '127.0.0.1:0', TASKSTACK_RATE_LIMIT: 'off', TASKSTACK_BCRYPT_COST: '4'
    }
    await promisify(execFile)(BINARY, ['demo'], { env: environment })
    server.#process = spawn(BINARY, [], { env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
    createInterface(server.#process.stderr).on('line', line => server.#lines.push(line))
    const [line] = await once(createInterface(server.#process.stdout), 'line')
    server.url = 'http://' + line.match(/listening on (\S+)\)/)[1]
    return server
  }

  /** CPU time of the process so far, in milliseconds. */
  async cpu () {
    const stat = await readFile(`/proc/${this.#process.pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS
  }

  /** Statements of the last logged line that has all the given words. */
  statements (...words) {
    const line = this.#lines.findLast(l => words.every(w => l.includes(w)))
    return Number(line.match(/statements=(\d+)/)[1])
  }

  async stop () {
    this.#process.kill('SIGKILL')
    await once(this.#process, 'exit')
  }
}

async function logIn (server, username) {
  const answer = await fetch(server.url + '/login', {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({ username, password: PASSWORD })
  })
  if (answer.status !== 302) throw new Error(`log in as ${username}: ${answer.status}`)
  return answer.headers.getSetCookie().map(c => c.split(';')[0]).join('; ')
}

async function page (server, cookie, path) {
  const answer = await fetch(server.url + path, { headers: { cookie, accept: 'text/html' } })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
  return text
}

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

async function smallBoard (server, cookie) {
  const [, token] = /<meta name="token" content="([\w-]+)">/.exec(await page(server, cookie, '/new'))
  const answer = await fetch(server.url + '/new', {
    method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams({ token, name: 'small', desc: '' })
  })
  const path = answer.headers.get('location')
  const { project } = await snapshot(server, cookie, path)
  const socket = await connect(server, cookie)
  for (let l = 0; l < 2; l++) {
    const list = await ask(socket, 'create_list', { projectId: project.id, name: 'List', listDesc: '', attachedFiles: {} })
    for (let c = 0; c < 2; c++) {
      await ask(socket, 'create_card', { projectId: project.id, listId: list.id, name: 'Card', cardDesc: '', attachedFiles: {}, members: [] })
    }
  }
  socket.disconnect()
  return path
}

async function snapshot (server, cookie, path) {
  const answer = await fetch(server.url + path, { headers: { cookie, accept: 'application/json' } })
  return answer.json()
}

async function connect (server, cookie) {
  const socket = io(server.url + '/project', { forceNew: true, transports: ['websocket'], extraHeaders: { cookie } })
  await new Promise((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject))
  return socket
}

async function ask (socket, event, data) {
  const answer = await socket.timeout(10_000).emitWithAck(event, data)
  if (!answer.ok) throw new Error(`${event}: ${JSON.stringify(answer)}`)
  return answer
}

/** A card that goes to and fro while others watch; every watcher must hear of every move. */
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

const data = await mkdtemp(join(tmpdir(), 'taskstack-bench-'))
const server = await Server.start(data)
try {
  const cookie = await logIn(server, 'dmitri')
  const rows = []
  const measure = async (name, path, goal) => {
    const cost = await costOf(server, 40, () => page(server, cookie, path))
    rows.push({ what: name, statements: server.statements('path=' + path + ' '), 'CPU ms': cost.toFixed(2), goal })
  }
  await measure('board, 20 lists x 25 cards', LARGE, '12 statements, 14 ms')
  await measure('board, 2 lists x 2 cards', await smallBoard(server, cookie), 'the same statements')
  await measure('home page', '/', '12 statements, 3 ms')
  const json = await costOf(server, 40, () => snapshot(server, cookie, LARGE))
  rows.push({ what: 'snapshot of the large board as JSON', statements: server.statements('path=' + LARGE), 'CPU ms': json.toFixed(2), goal: '8 ms' })
  const { cost, statements } = await moves(server, cookie)
  rows.push({ what: `move_card with ${WATCHERS} watching`, statements, 'CPU ms': cost.toFixed(2), goal: '12 statements, 1.2 ms' })
  console.table(rows)
} finally {
  await server.stop()
  await rm(data, { recursive: true, force: true })
}
process.exit(0)
