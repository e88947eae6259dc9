/** A person in a story: a browser context with its cookies, and what people do before the story begins. */
import assert from 'node:assert/strict';
import { io } from 'socket.io-client';
import { openBoard } from './board.js';

export const password = 'correct horse';

export class Person {
  #sockets = new Map(); // by namespace

  constructor(name, server, context) {
    this.name = name;
    this.server = server;
    this.context = context;
    this.close = () => this.#sockets.forEach((socket) => socket.disconnect());
  }

  get email() {
    return `${this.name.toLowerCase()}@example.org`;
  }

  /** Signs up and verifies without looking at pages. */
  async signUp() {
    const form = { username: this.name, useremail: this.email, password, password_confirm: password };
    const answer = await this.context.request.post('/signup', { form });
    assert.match(answer.url(), /verify-email/, `${this.name} could not sign up`);
    const { path, code } = await this.verification();
    await this.context.request.post(path, { form: { code } });
  }

  /** What the mail after signing up says: the page's path and the code. */
  async verification() {
    const [, path, code] = (await this.server.mailTo(this.email)).match(/(\/verify-email\/[0-9a-f]+)\?\S*code=([\w-]{8})/);
    return { path, code };
  }

  /** Logs in without looking at pages. */
  async logIn(secret = password) {
    const answer = await this.context.request.post('/login', { form: { username: this.name, password: secret } });
    assert.doesNotMatch(answer.url(), /login/, `${this.name} could not log in`);
  }

  /** Sends a form as a page of ours would, with the login's anti-CSRF token. */
  async post(path, form = {}) {
    const page = await (await this.context.request.get('/privacy')).text();
    const [, token = ''] = page.match(/<meta name="token" content="([\w-]+)">/) ?? [];
    return this.context.request.post(path, { form: { token, ...form } });
  }

  /** Makes a project without looking at pages; returns its path. */
  async makeProject(name, desc = '') {
    const answer = await this.post('/new', { name, desc, project_private: 'on' });
    assert.equal(new URL(answer.url()).pathname, `/${this.name}/${name}`);
    return `/${this.name}/${name}`;
  }

  /** What the server says about a board now. */
  async snapshot(path) {
    const answer = await this.context.request.get(path, { headers: { Accept: 'application/json' } });
    assert.equal(answer.status(), 200, `snapshot of ${path}`);
    return answer.json();
  }

  /** The board's page data, with the owner's invitation links. */
  async pageData(path) {
    const html = await (await this.context.request.get(path)).text();
    return JSON.parse(html.match(/<script type="application\/json" id="pageData">(.*?)<\/script>/s)[1]);
  }

  /** Joins by an invitation link without looking at pages. */
  async join(link) {
    await this.post(new URL(link).pathname);
  }

  /** Fills a board over the socket: `{ 'To do': ['First', 'Second'] }`, in this order. */
  async fill(path, lists) {
    const { project } = await this.snapshot(path);
    await this.ask('join_project_room', project.id);
    for (const [name, cards] of Object.entries(lists).reverse()) {
      const list = await this.ask('create_list', { projectId: project.id, name, listDesc: '', attachedFiles: {} });
      assert.ok(list.ok, `create_list: ${JSON.stringify(list)}`);
      for (const card of cards) {
        const made = await this.ask('create_card', { projectId: project.id, listId: list.id, name: card, cardDesc: '', attachedFiles: {}, members: [] });
        assert.ok(made.ok, `create_card: ${JSON.stringify(made)}`);
      }
    }
  }

  /** Sends an event as this person past all pages; returns the acknowledgement. */
  async ask(event, data, namespace = '/project') {
    const socket = await this.#socket(namespace);
    return socket.timeout(120_000).emitWithAck(event, data);
  }

  /** Opens a board, in a new tab unless one is given. */
  async openBoard(path, page) {
    return openBoard(page ?? await this.context.newPage(), path);
  }

  async #socket(namespace) {
    if (this.#sockets.has(namespace)) return this.#sockets.get(namespace);
    const cookies = await this.context.cookies();
    const socket = io(this.server.url + namespace, {
      transports: ['websocket'], forceNew: true,
      extraHeaders: { Cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), Origin: this.server.url },
    });
    this.#sockets.set(namespace, socket);
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    return socket;
  }
}
