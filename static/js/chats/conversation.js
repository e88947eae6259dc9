/**
 * `<chats-conversation>`: the messages of one chat, and the field for the next one (composer.js). `show(chat)` opens a chat; the
 * page and the board's panel use the same element. @later
 */
import { confirmDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { copyText } from '../lib/clipboard.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { t } from '../lib/i18n.js';
import { randomId } from '../lib/ids.js';
import { reconcile } from '../lib/reconcile.js';
import { connection } from '../lib/socket.js';
import { coalesce, oncePerFrame } from '../lib/timing.js';
import { kindOfFile } from '../files/kinds.js';
import { loadStyles, showOnly } from '../files/viewer.js';
import { CardLinks } from './cardLinks.js';
import { blockAddress } from './chats.js';
import { FileSender } from './fileSender.js';
import { chatOf, Messages, rowsOf, toMessage } from './messages.js';
import { keepMessages, keptMessages } from './pending.js';
import { MessageRows } from './rows.js';
import { Typists } from './typists.js';

const PAGE = 50; // messages
const MAX_MISSED = 500; // changes that the server answers with at most
const FAR = 4 * PAGE; // messages: what is further back is shown without those between
const NEAR = 120; // px from an end of the messages that counts as being there

export default class Conversation extends Element {
  #chat = null;
  #viewer = document.querySelector('meta[name="viewer"]');
  #me = Number(this.#viewer.content);
  #channel = connection().channel('/');
  #messages = new Messages();
  #rows = null;
  #isLoaded = false;
  #hasOlder = false;
  #hasNewer = false; // an older part of the chat is shown
  #at = 0; // the number of the message to show; 0 for the newest
  #isReading = false;
  #unreadAfter = Infinity;
  #isAtEnd = true;
  #typists = new Typists((text) => { this.target('typing').textContent = text; }, (id) => this.#nameOf(id));
  #draw = oncePerFrame(() => this.#drawNow());
  #catchUp = coalesce(() => this.#readMissed());
  #flush = coalesce(() => this.#sendPending());
  #cardLinks = null;
  #sender = null;
  #stop = [];

  connected() {
    loadStyles(this.dataset.fileStyles);
    this.#sender = new FileSender({
      isOnline: () => this.#channel.state === 'online', limits: () => this.limits,
      progress: (key, share) => { const bar = this.querySelector(`[data-key="${key}"] progress`); if (bar) bar.value = share; },
      ended: (upload, message) => this.#fileEnded(upload, message),
    });
    this.listen(window, 'beforeunload', (event) => this.#sender.isBusy && event.preventDefault());
    for (const type of ['dragover', 'dragleave', 'drop']) this.listen(this, type, (event) => this.#dragged(event));
    this.#cardLinks = new CardLinks(this, connection().channel('/project'));
    this.#rows = new MessageRows(this.#me, {
      retry: (key) => this.#retry(key), cancel: (key) => this.#cancel(key), view: (message) => this.#view(message), menu: (message) => this.#menuOf(message), jump: (num) => this.#jump(num),
      react: (message, emoji, on) => this.#ask('react_to_msg', { chatType: this.#chat.type, id: message.id, emoji, on }),
      filled: (text) => this.#cardLinks.mark(text),
      nameOf: (id) => this.#nameOf(id), find: (userName) => this.#people.find((person) => person.userName.toLowerCase() === userName),
    });
    this.#stop = [
      this.#channel.onAny((name, [data]) => this.#heard(name, data)),
      this.#channel.onConnect(() => this.#chat && this.#connect()),
    ];
    this.listen(document, 'visibilitychange', () => this.#markRead());
    this.listen(window, 'focus', () => this.#markRead());
    const resized = new ResizeObserver(() => this.#isAtEnd && this.#toEnd());
    for (const name of ['scroller', 'messages']) resized.observe(this.target(name)); // a text grows when its Markdown is drawn
    this.#stop.push(() => resized.disconnect());
  }

  disconnected() {
    for (const stop of this.#stop) stop();
    this.#typists.clear();
    this.#cardLinks.stop();
    this.#draw.cancel();
  }

  /**
   * Opens a chat.
   *
   * @param {{type: string, id: number, name: string, readRev: number, seenRev: number, members?: Map<number, object>}} chat
   * @param {object} [options]
   * @param {number} [options.at] the number of the message to show; 0 for the newest
   * @param {boolean} [options.marksUnread] whether a line marks the first unread message
   */
  show(chat, { at = 0, marksUnread = true } = {}) {
    this.#chat = { ...chat };
    this.#messages = new Messages();
    this.#at = at;
    this.#isLoaded = this.#hasOlder = this.#hasNewer = false;
    this.#isAtEnd = at === 0;
    this.#unreadAfter = marksUnread ? chat.readRev : Infinity;
    for (const pending of [...this.#sender.of(chat), ...keptMessages(this.#me, chat)]) this.#messages.expect(pending);
    this.#composer.open(chat, () => this.#people.filter(({ id }) => id !== this.#me), this.limits);
    this.#typists.clear();
    this.target('messages').replaceChildren();
    this.target('wait').hidden = false;
    this.target('start').hidden = this.target('newer').hidden = true;
    if (this.#channel.state === 'online') this.#connect();
    else this.#load();
  }

  /** Updates what is known of the chat: its name, its members. */
  update(chat) {
    Object.assign(this.#chat, chat); // the same object as long as the same chat is open
    this.#draw();
  }

  /** Moves the focus to the field. */
  focus() {
    this.#composer.focus();
  }

  // --- reading ---

  async #connect() {
    if (this.#isLoaded && !this.#hasNewer) await this.#catchUp();
    else await this.#load();
    this.#flush();
  }

  async #load() {
    const [chat, at] = [this.#chat, this.#at];
    let page;
    try {
      page = await this.#read({ limit: PAGE, ...(at && { before: at + PAGE / 2 }) });
    } catch (error) {
      if (chat === this.#chat && error.kind !== 'network') this.#fail(error.message);
      return;
    }
    if (chat !== this.#chat) return;
    const isAgain = this.#isLoaded; // after a break, where the reader has scrolled on
    this.#hasNewer = at > 0;
    this.#messages.addPage(page, { newest: !this.#hasNewer });
    this.#isLoaded = true;
    this.#hasOlder = page.length === PAGE;
    this.target('wait').hidden = true;
    this.target('newer').hidden = !this.#hasNewer;
    this.#drawNow();
    if (!this.#hasNewer) this.#toFirstUnread();
    else if (!isAgain) this.#highlight(at);
    this.#markRead();
  }

  async #readMissed() {
    if (!this.#isLoaded || this.#hasNewer) return;
    const chat = this.#chat;
    try {
      const missed = await this.#read({ since: this.#messages.rev });
      if (chat !== this.#chat) return;
      if (missed.length >= MAX_MISSED) {
        this.show(chat, { marksUnread: false });
        return;
      }
      this.#messages.addPage(missed, { newest: true });
      this.#changed();
    } catch {
      // the next connect reads again
    }
  }

  async #loadOlder() {
    if (this.#isReading || !this.#hasOlder) return;
    this.#isReading = true;
    const chat = this.#chat;
    try {
      const page = await this.#read({ limit: PAGE, before: this.#messages.oldest });
      if (chat !== this.#chat) return;
      this.#messages.addPage(page);
      this.#hasOlder = page.length === PAGE;
      const scroller = this.target('scroller');
      const fromEnd = scroller.scrollHeight - scroller.scrollTop;
      this.#drawNow();
      scroller.scrollTop = scroller.scrollHeight - fromEnd;
    } catch (error) {
      toast(error.message, { kind: 'danger' });
    } finally {
      this.#isReading = false;
    }
  }

  async #loadNewer() {
    if (this.#isReading || !this.#hasNewer) return;
    this.#isReading = true;
    const chat = this.#chat;
    try {
      const page = await this.#read({ limit: PAGE, after: this.#messages.newest });
      if (chat !== this.#chat) return;
      this.#hasNewer = page.length === PAGE;
      this.#messages.addPage(page, { newest: !this.#hasNewer });
      this.#drawNow();
    } catch (error) {
      toast(error.message, { kind: 'danger' });
    } finally {
      this.#isReading = false;
    }
  }

  // Shows a message that another one quotes. What is not far is loaded with the messages between.
  async #jump(num) {
    if (this.#messages.oldest - num > FAR) {
      this.show(this.#chat, { at: num, marksUnread: false });
      return;
    }
    while (this.#messages.oldest > num && this.#hasOlder && !this.#isReading) await this.#loadOlder();
    this.#highlight(num);
  }

  // A message that is gone has left its place between others.
  #highlight(num) {
    const message = this.#messages.all.find((each) => each.num >= num);
    const node = message && this.querySelector(`#m-${message.id}`);
    if (!node) return;
    this.#center(node);
    node.classList.add('message-shown');
    node.addEventListener('animationend', () => node.classList.remove('message-shown'), { once: true });
  }

  async #read(query) {
    const { type, id } = this.#chat;
    const found = await fetchJSON(`/msgs?${new URLSearchParams({ 'chat-type': type, 'chat-id': id, ...query })}`);
    return found.map(toMessage);
  }

  #fail(message) {
    this.target('wait').hidden = true;
    this.target('messages').replaceChildren(el('li', { class: 'conversationProblem' }, message));
  }

  #heard(name, data) {
    if (!this.#chat) return;
    if (name === 'receive_msg' || name === 'successfully_sent_msg' || name === 'msg_changed') this.#received(name, data);
    else if (name === 'chat_typing' && this.#isHere(data.chatType, data.chatId)) this.#typists.add(data.userId);
    else if (name === 'chat_seen' && this.#isHere(data.chatType, data.chatId)) {
      this.#chat.seenRev = Math.max(this.#chat.seenRev ?? 0, data.readRev);
      this.#draw();
    } else if (name === 'blocks_changed') {
      if (this.#chat.type !== 'userToUser') this.show(this.#chat, { marksUnread: false }); // messages are hidden, or shown again
    } else if (name === 'chat_read' && this.#isHere(data.chatType, data.chatId)) this.#chat.readRev = Math.max(this.#chat.readRev, data.readRev);
  }

  #received(name, data) {
    const { type, id } = chatOf(data, this.#me);
    if (!this.#isHere(type, id)) return;
    if (data.actionId) this.#messages.drop(data.actionId);
    this.#keep();
    if (!this.#isLoaded) return;
    if (name === 'receive_msg') this.#typists.drop(data.fromId);
    if (!this.#take(toMessage(data))) return;
    if (data.hidden) this.#drawNow();
    else this.#changed();
  }

  // Returns whether the message is in its place now; what is missing before it is read.
  #take(message) {
    if (this.#hasNewer) this.#messages.update(message);
    else if (this.#messages.receive(message) === 'gap') {
      this.#catchUp();
      return false;
    }
    return true;
  }

  #isHere(type, id) {
    return this.#chat.type === type && String(this.#chat.id) === String(id);
  }

  // --- showing ---

  #changed() {
    const atEnd = this.#isAtEnd;
    this.#drawNow();
    if (atEnd) this.#toEnd();
    else this.target('newer').hidden = false;
    this.#markRead();
  }

  #drawNow() {
    if (!this.#chat || !this.#isLoaded) return;
    const { members, type } = this.#chat;
    const rows = rowsOf(this.#messages, {
      me: this.#me, unreadAfter: this.#unreadAfter,
      // Who leaves a group takes their messages along.
      isShown: ({ fromId, hidden }) => !hidden && (type !== 'chatGroup' || !members || members.has(fromId)),
    });
    reconcile(this.target('messages'), this.#rows.nodes(rows, { seenRev: this.#chat.seenRev ?? 0, isPair: type === 'userToUser' }));
    this.target('start').hidden = this.#hasOlder || rows.length > 0;
  }

  #toEnd() {
    const scroller = this.target('scroller');
    scroller.scrollTop = scroller.scrollHeight;
    this.target('newer').hidden = true;
    this.#isAtEnd = true;
  }

  // scrollIntoView would scroll the page around the panel, too.
  #center(node) {
    const scroller = this.target('scroller');
    const [at, around] = [node.getBoundingClientRect(), scroller.getBoundingClientRect()];
    scroller.scrollTop += at.top + at.height / 2 - around.top - around.height / 2;
  }

  #toFirstUnread() {
    const line = this.target('messages').querySelector('.unreadLine');
    if (line) this.#center(line);
    else this.#toEnd();
    this.scrolled();
  }

  /** The messages were scrolled. */
  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.target('scroller');
    const isNearEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    this.#isAtEnd = isNearEnd && !this.#hasNewer;
    if (this.#isAtEnd) this.target('newer').hidden = true;
    if (this.#isLoaded && scrollTop < NEAR) this.#loadOlder();
    else if (this.#isLoaded && isNearEnd) this.#loadNewer();
    this.#markRead();
  }

  /** Scrolls to the newest message. */
  toNewest() {
    if (this.#hasNewer) {
      this.show(this.#chat, { marksUnread: false });
      return;
    }
    this.#toEnd();
    this.#markRead();
  }

  // What is seen is read: the page is in front, and the end of the chat is shown.
  #markRead() {
    const last = this.#messages.last;
    if (!this.#isLoaded || !this.#isAtEnd || !last || document.visibilityState !== 'visible' || !this.checkVisibility()) return;
    if (last.num <= this.#chat.readRev) return;
    this.#chat.readRev = this.#messages.rev;
    this.#channel.emit('mark_msgs_as_read', { chatType: this.#chat.type, chatId: this.#chat.id }).catch(() => {
      this.#chat.readRev = last.num - 1; // with the next message, or when the page comes to the front
    });
  }

  // --- writing ---

  /** A message was written. */
  sendNew({ detail: { content, reply, files } }) {
    let after; // the text follows the files that were chosen with it
    for (const file of files) {
      const pending = this.#sender.add(this.#chat, file);
      after = pending.key;
      this.#messages.expect(pending);
    }
    if (content) this.#messages.expect({ key: randomId(), content, at: new Date(), problem: '', reply, after });
    this.#keep();
    this.#unreadAfter = Infinity;
    if (this.#hasNewer) {
      this.show(this.#chat, { marksUnread: false }); // with what is being sent
      return;
    }
    this.#drawNow();
    this.#toEnd();
    this.#flush();
  }

  async #sendPending() {
    const chat = this.#chat;
    const isWaiting = ({ after }) => after && this.#messages.pending.some((each) => each.key === after && !each.problem);
    for (const message of this.#messages.pending.filter(({ problem, file }) => !problem && !file)) {
      const { key, content, reply } = message;
      if (isWaiting(message)) continue;
      try {
        const { message } = await this.#channel.emit('send_msg', { chatType: chat.type, chatId: chat.id, content, actionId: key, ...(reply && { replyTo: reply.id }) });
        if (chat !== this.#chat) return;
        this.#messages.drop(key);
        if (this.#isLoaded) this.#take(toMessage(message));
      } catch (error) {
        if (chat !== this.#chat || error.code === 'offline') return; // sent again with the next connection
        this.#messages.mark(key, Object.values(error.fields ?? {})[0] || error.message || t('chats.js.notSent'));
      }
      this.#keep();
      this.#changed();
    }
  }

  // A file was sent, or refused. A text that waits for it in a chat that is not shown any more is sent now.
  #fileEnded(upload, message) {
    const { chat, key, problem } = upload;
    if (!this.#chat || !this.#isHere(chat.type, chat.id)) {
      const [waiting] = keptMessages(this.#me, chat).filter(({ after }) => after === key);
      if (waiting) this.#sendKept(chat, waiting);
      return;
    }
    if (problem) this.#messages.mark(key, problem);
    else this.#messages.drop(key);
    if (message && this.#isLoaded) this.#take(toMessage(message));
    this.#changed();
    this.#flush();
  }

  async #sendKept(chat, waiting) {
    const { key, content, reply } = waiting;
    try {
      await this.#channel.emit('send_msg', { chatType: chat.type, chatId: chat.id, content, actionId: key, ...(reply && { replyTo: reply.id }) });
      keepMessages(this.#me, chat, keptMessages(this.#me, chat).filter((each) => each.key !== key));
    } catch {
      // It is kept, and sent when the chat is opened.
    }
  }

  #cancel(key) {
    this.#sender.cancel(key);
    this.#messages.drop(key);
    this.#keep();
    this.#drawNow();
    this.#flush();
    this.focus();
  }

  #retry(key) {
    this.#sender.retry(key);
    this.#messages.mark(key, '');
    this.#drawNow();
    this.#flush();
  }

  #keep() {
    keepMessages(this.#me, this.#chat, this.#messages.pending);
  }

  // Files may be dropped anywhere on the conversation.
  #dragged(event) {
    if (!this.#chat || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.toggleAttribute('data-dragged-over', event.type === 'dragover');
    if (event.type === 'drop') this.#composer.addFiles([...event.dataTransfer.files]);
  }

  // Shows a file among the others of the messages that are loaded.
  #view(message) {
    const all = this.#messages.all.filter(({ file, hidden }) => file && !hidden && kindOfFile(file.name, file.url));
    loadStyles(this.dataset.styles);
    showOnly(all.map(({ file }) => ({ name: file.name, address: file.url })), all.findIndex(({ id }) => id === message.id));
  }

  /** The viewer is writing. */
  sendTyping() {
    this.#channel.emit('type_msg', { chatType: this.#chat.type, chatId: this.#chat.id }).catch(() => {});
  }

  /** Edits the viewer's last message; the event is prevented if there is one. */
  editLast(event) {
    const own = this.#messages.all.findLast(({ fromId, deleted, file }) => fromId === this.#me && !deleted && !file);
    if (!own) return;
    event.preventDefault();
    this.#composer.edit(own);
  }

  /** A message was edited. */
  async save({ detail: { message: { id, content: before }, content } }) {
    if (content === before || await this.#ask('edit_msg', { chatType: this.#chat.type, id, content })) this.#composer.endEditing();
  }

  #menuOf(message) {
    const own = message.fromId === this.#me;
    return [
      { text: t('chats.js.reply'), icon: 'undo', action: () => this.#composer.reply(message) },
      own && !message.file && { text: t('chats.js.edit'), icon: 'edit', action: () => this.#composer.edit(message) },
      !message.file && { text: t('chats.js.copy'), icon: 'copy', action: () => this.#copy(message) },
      !own && { text: t('chats.js.block', { Name: message.name }), icon: 'close', href: blockAddress(message.userName) },
      own && { text: t('chats.js.delete'), icon: 'delete', danger: true, action: () => this.#delete(message) },
    ].filter(Boolean);
  }

  async #copy({ content }) {
    if (await copyText(content)) toast(t('chats.js.copied'), { kind: 'success' });
  }

  async #delete({ id }) {
    const sure = await confirmDialog({ title: t('chats.js.deleteTitle'), text: t('chats.js.deleteText'), main: t('chats.js.delete'), danger: true });
    if (sure) this.#ask('delete_msg', { chatType: this.#chat.type, id });
  }

  async #ask(event, data) {
    try {
      const { message } = await this.#channel.emit(event, data);
      this.#take(toMessage(message));
      this.#drawNow();
      return true;
    } catch (error) {
      this.#composer.showProblem(Object.values(error.fields ?? {})[0] || error.message || t('chats.js.offline'));
      return false;
    }
  }

  #nameOf(userId) {
    return this.#people.find(({ id }) => id === userId)?.name;
  }

  // Who is in the chat.
  get #people() {
    const { type, id, name, userName, picUrl, members } = this.#chat;
    if (type !== 'userToUser') return [...members?.values() ?? []];
    const own = this.#viewer.dataset.name;
    return [{ id, name, userName, picUrl }, { id: this.#me, name: own, userName: own }];
  }

  get #composer() {
    return this.target('composer');
  }
}
