// The real server for benchmarks, and a person who uses it without a browser.

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
const CLOCK_TICK_MS = 10

/** A server on data of its own, whose log lines are collected. */
export class Server {
  #data
  #process
  #lines = []

  /** `prepare` is called with the folder of the data before the server starts. */
  static async start (prepare = async () => {}) {
    const data = await mkdtemp(join(tmpdir(), 'taskstack-bench-'))
    const server = new Server()
    server.#data = data
    const environment = {
      ...process.env, TASKSTACK_DATA_DIR: data, TASKSTACK_ADDR: '127.0.0.1:0', TASKSTACK_RATE_LIMIT: 'off', TASKSTACK_BCRYPT_COST: '4'
    }
    await promisify(execFile)(BINARY, ['demo'], { env: environment })
    await prepare(data)
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
    await rm(this.#data, { recursive: true, force: true })
  }
}

export async function logIn (server, username) {
  const answer = await fetch(server.url + '/login', {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({ username, password: PASSWORD })
  })
  if (answer.status !== 302) throw new Error(`log in as ${username}: ${answer.status}`)
  return answer.headers.getSetCookie().map(c => c.split(';')[0]).join('; ')
}

export async function page (server, cookie, path) {
  const answer = await fetch(server.url + path, { headers: { cookie, accept: 'text/html' } })
  const text = await answer.text()
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`)
  return text
}

export async function snapshot (server, cookie, path) {
  const answer = await fetch(server.url + path, { headers: { cookie, accept: 'application/json' } })
  return answer.json()
}

export async function connect (server, cookie) {
  const socket = io(server.url + '/project', { forceNew: true, transports: ['websocket'], extraHeaders: { cookie } })
  await new Promise((resolve, reject) => socket.on('connect', resolve).on('connect_error', reject))
  return socket
}

export async function ask (socket, event, data) {
  const answer = await socket.timeout(10_000).emitWithAck(event, data)
  if (!answer.ok) throw new Error(`${event}: ${JSON.stringify(answer)}`)
  return answer
}

/** A board with as many lists of as many cards; its path. A third of the cards has a description, a quarter a member. */
export async function makeBoard (server, cookie, name, lists, cards) {
  const [, token] = /<meta name="token" content="([\w-]+)">/.exec(await page(server, cookie, '/new'))
  const answer = await fetch(server.url + '/new', {
    method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams({ token, name, desc: '' })
  })
  const path = answer.headers.get('location')
  const { project } = await snapshot(server, cookie, path)
  const [member] = Object.keys(project.members).map(Number)
  const socket = await connect(server, cookie)
  for (let l = 0; l < lists; l++) {
    const list = await ask(socket, 'create_list', { projectId: project.id, name: `List ${l + 1}`, listDesc: '', attachedFiles: {} })
    await Promise.all(Array.from({ length: cards }, (_, c) => ask(socket, 'create_card', {
      projectId: project.id, listId: list.id, name: words(3 + (l + c) % 5, l * cards + c), cardDesc: c % 3 ? '' : words(30, c),
      attachedFiles: {}, members: c % 4 ? [] : [member]
    })))
  }
  socket.disconnect()
  return path
}

/** Lets another person join the owner's board as an admin. */
export async function joinBoard (server, owner, path, cookie) {
  const [, data] = /<script type="application\/json" id="pageData">(.*?)<\/script>/s.exec(await page(server, owner, path))
  const { pathname } = new URL(JSON.parse(data).inviteAsAdminLink)
  const [, token] = /<meta name="token" content="([\w-]+)">/.exec(await page(server, cookie, '/new'))
  const answer = await fetch(server.url + pathname, { method: 'POST', redirect: 'manual', headers: { cookie }, body: new URLSearchParams({ token }) })
  if (answer.status >= 400) throw new Error(`${pathname}: ${answer.status}`)
}

const WORDS = 'housing battery port antenna light test power heat display glass loader update air serial spare colour box inlay sheet'.split(' ')

function words (count, seed) {
  return Array.from({ length: count }, (_, i) => WORDS[(seed * 31 + i * i * 7 + i) % WORDS.length]).join(' ')
}
