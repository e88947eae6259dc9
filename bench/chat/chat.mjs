// What a message to a group costs: CPU time of the server's process for 50 and 500 people with a page open, beside socket.io 4, which
// broadcasts the same payload to as many sockets in the same run. And what the page of chats costs with 30 friends.
//
//   node bench/chat/chat.mjs             after `make build` and `npm ci --prefix bench/node`; --quick sends a fifth
//
// Ours also stores the message, indexes it and notifies; every page must get every message, once and in order.

import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { io } from 'socket.io-client'
import { Server, ask, logIn, page } from '../lib/server.mjs'

const SIZES = [50, 500]
const FRIENDS = 30
const ROUNDS = 3
const MESSAGES = process.argv.includes('--quick') ? 10 : 50
const CLOCK_TICK_MS = 10
const ROOT = new URL('../..', import.meta.url).pathname

/** socket.io 4 in a process of its own. */
class Peer {
  static async start () {
    const peer = new Peer()
    peer.process = spawn('node', ['server.js', '4'], { cwd: join(ROOT, 'bench/node'), stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(createInterface(peer.process.stdout), 'line')
    peer.url = 'http://127.0.0.1:' + line.match(/listening (\d+)/)[1]
    return peer
  }

  async cpu () {
    const stat = await readFile(`/proc/${this.process.pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * CLOCK_TICK_MS
  }

  stop () {
    this.process.kill('SIGKILL')
  }
}

const median = numbers => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]

async function openSocket (url, extraHeaders = {}) {
  const socket = io(url, { forceNew: true, transports: ['websocket'], extraHeaders })
  await new Promise((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject))
  return socket
}

/** Opens sockets, some at a time. */
async function openAll (count, open) {
  const all = []
  for (let i = 0; i < count; i += 50) all.push(...await Promise.all(Array.from({ length: Math.min(50, count - i) }, (_, k) => open(i + k))))
  return all
}

/** Waits until every socket has got as many messages, in order. */
async function arrived (sockets, count) {
  for (const socket of sockets) {
    while (socket.got.length < count) await new Promise(resolve => setTimeout(resolve, 5))
    if (socket.got.length !== count || socket.got.some((n, i) => n !== i)) throw new Error(`a page got ${socket.got}`)
    socket.got = []
  }
}

/** CPU milliseconds of one message: the median of rounds. */
async function costOf (process, sockets, send) {
  const rounds = []
  for (let round = 0; round <= ROUNDS; round++) {
    const before = await process.cpu()
    for (let i = 0; i < MESSAGES; i++) await send(i)
    await arrived(sockets, MESSAGES)
    if (round > 0) rounds.push((await process.cpu() - before) / MESSAGES) // the first one warms up
  }
  return median(rounds)
}

const content = i => `${i} ` + 'Shall we meet at the harbour at noon, and who brings the maps? '.repeat(2)

let groups
const server = await Server.start(async data => {
  const { stdout } = await promisify(execFile)('go', ['run', './internal/crowd', '-db', join(data, 'taskstack.db'), '-groups', SIZES.join(','), '-friends', String(FRIENDS)], { cwd: ROOT })
  groups = stdout.trim().split(' ').map(Number)
})
const peer = await Peer.start()
try {
  const cookies = []
  for (let n = 0; n < Math.max(...SIZES); n++) cookies.push(await logIn(server, `member${n + 1}`)) // the server checks few passwords at a time
  const rows = []
  for (const [at, size] of SIZES.entries()) {
    const sockets = await openAll(size, async n => {
      const socket = await openSocket(server.url, { cookie: cookies[n] })
      socket.got = []
      socket.on(n === 0 ? 'successfully_sent_msg' : 'receive_msg', message => { socket.got.push(parseInt(message.content)); socket.last = message })
      return socket
    })
    const ours = await costOf(server, sockets, i => ask(sockets[0], 'send_msg', { chatType: 'chatGroup', chatId: groups[at], content: content(i) }))
    const statements = server.statements('event=send_msg')
    const payload = sockets[1].last
    sockets.forEach(socket => socket.disconnect())

    const others = await openAll(size, async () => {
      const socket = await openSocket(peer.url)
      socket.got = []
      socket.on('news', message => socket.got.push(parseInt(message.content)))
      return socket
    })
    const theirs = await costOf(peer, others, async i => { others[0].emit('say', { ...payload, content: content(i) }) })
    others.forEach(socket => socket.disconnect())
    rows.push({ what: `message to ${size}`, statements, 'CPU ms': ours.toFixed(2), 'socket.io 4, CPU ms': theirs.toFixed(2), ratio: (ours / theirs).toFixed(2) })
  }
  const measurePage = async (what, cookie, goal) => {
    const batches = []
    for (let batch = 0; batch < 6; batch++) {
      const before = await server.cpu()
      for (let i = 0; i < 40; i++) await page(server, cookie, '/chat')
      if (batch > 0) batches.push((await server.cpu() - before) / 40)
    }
    rows.push({ what, statements: server.statements('path=/chat '), 'CPU ms': median(batches).toFixed(2), goal })
  }
  await measurePage(`page of chats, ${FRIENDS} friends`, await logIn(server, 'friendly'), '3 ms')
  await measurePage(`page of chats, groups of ${SIZES.join(' and ')}`, cookies[0], '')
  console.table(rows)
} finally {
  peer.stop()
  await server.stop()
}
process.exit(0)
