/**
 * `<chats-conversation>`: the messages of one chat and the field for the next one. `show(chat)` opens a chat; the page and the
 * board's panel use the same element. @later
 */
import { confirmDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { copyText } from '../lib/clipboard.js';
import { el } from '../lib/dom.js';
import { Drafts } from '../lib/drafts.js';
import { Element } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { t } from '../lib/i18n.js';
import { randomId } from '../lib/ids.js';
import { isCommand, keyOf } from '../lib/keys.js';
import { reconcile } from '../lib/reconcile.js';
import { connection } from '../lib/socket.js';
import { cleanBlock, isVisible, lengthOf } from '../lib/text.js';
import { coalesce, oncePerFrame } from '../lib/timing.js';
import { chatOf, Messages, rowsOf, toMessage } from './messages.js';
import { keepMessages, keptMessages } from './pending.js';
import { MessageRows } from './rows.js';

const PAGE = 50; // messages
const MAX_MISSED = 500; // changes that the server answers with at most
const MAX_LENGTH = 2048; // characters
const NEAR = 120; // px from an end of the messages that counts as being there
const TYPING_EVERY_MS = 3000;
const TYPING_SHOWN_MS = 5000;

export default class Conversation extends Element {
  #chat = null;
  #me = Number(document.querySelector('meta[name="viewer"]').content);
  #channel = connection().channel('/');
  #messages = new Messages();
  #rows = null;
  #drafts = new Drafts(`chat:${this.#me}`);
  #isLoaded = false;
  #hasOlder = false;
  #isReading = false;
  #unreadAfter = Infinity;
  #isAtEnd = true;
  #editing = null;
  #typists = new Map();
  #typedAt = 0;
  #draw = oncePerFrame(() => this.#drawNow());
  #catchUp = coalesce(() => this.#readMissed());
  #flush = coalesce(() => this.#sendPending());
  #stop = [];

  connected() {
    this.#rows = new MessageRows(this.#me, { retry: (key) => this.#retry(key), menu: (message) => this.#menuOf(message) });
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
    for (const timer of this.#typists.values()) clearTimeout(timer);
    this.#draw.cancel();
  }

  /**
   * Opens a chat.
   *
   * @param {{type: string, id: number, name: string, readRev: number, seenRev: number, members?: Map<number, object>}} chat
   */
  show(chat) {
    this.#chat = { ...chat };
    this.#messages = new Messages();
    this.#isLoaded = this.#hasOlder = false;
    this.#isAtEnd = true;
    this.#unreadAfter = chat.readRev;
    for (const pending of keptMessages(this.#me, chat)) this.#messages.expect(pending);
    this.#endEditing();
    this.#resetTypists();
    this.target('messages').replaceChildren();
    this.target('wait').hidden = false;
    this.target('start').hidden = this.target('newer').hidden = true;
    this.target('field').setAttribute('aria-label', t('chats.js.field', { Name: chat.name }));
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
    this.target('field').focus({ preventScroll: true });
  }

  // --- reading ---

  async #connect() {
    if (this.#isLoaded) await this.#catchUp();
    else await this.#load();
    this.#flush();
  }

  async #load() {
    const chat = this.#chat;
    let page;
    try {
      page = await this.#read({ limit: PAGE });
    } catch (error) {
      if (chat === this.#chat && error.kind !== 'network') this.#fail(error.message);
      return;
    }
    if (chat !== this.#chat) return;
    this.#messages.addPage(page, { newest: true });
    this.#isLoaded = true;
    this.#hasOlder = page.length === PAGE;
    this.target('wait').hidden = true;
    this.#drawNow();
    this.#toFirstUnread();
    this.#markRead();
  }

  async #readMissed() {
    if (!this.#isLoaded) return;
    const chat = this.#chat;
    try {
      const missed = await this.#read({ since: this.#messages.rev });
      if (chat !== this.#chat) return;
      if (missed.length >= MAX_MISSED) {
        this.show({ ...chat, readRev: Infinity });
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
    else if (name === 'chat_typing' && this.#isHere(data.chatType, data.chatId)) this.#showTypist(data.userId);
    else if (name === 'chat_seen' && this.#isHere(data.chatType, data.chatId)) {
      this.#chat.seenRev = Math.max(this.#chat.seenRev ?? 0, data.readRev);
      this.#draw();
    } else if (name === 'chat_read' && this.#isHere(data.chatType, data.chatId)) this.#chat.readRev = Math.max(this.#chat.readRev, data.readRev);
  }

  #received(name, data) {
    const { type, id } = chatOf(data, this.#me);
    if (!this.#isHere(type, id)) return;
    if (data.actionId) this.#messages.drop(data.actionId);
    this.#keep();
    if (!this.#isLoaded) return;
    if (name === 'receive_msg') this.#dropTypist(data.fromId);
    if (this.#messages.receive(toMessage(data)) === 'gap') this.#catchUp();
    else this.#changed();
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
      isShown: ({ fromId }) => type !== 'chatGroup' || !members || members.has(fromId),
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

  #toFirstUnread() {
    const line = this.target('messages').querySelector('.unreadLine');
    if (line) line.scrollIntoView({ block: 'center' });
    else this.#toEnd();
    this.scrolled();
  }

  /** The messages were scrolled. */
  scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.target('scroller');
    this.#isAtEnd = scrollHeight - scrollTop - clientHeight < NEAR;
    if (this.#isAtEnd) this.target('newer').hidden = true;
    if (this.#isLoaded && scrollTop < NEAR) this.#loadOlder();
    this.#markRead();
  }

  /** Scrolls to the newest message. */
  toNewest() {
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

  /** Sends what was typed, or saves the message that is edited. */
  send(event) {
    event?.preventDefault();
    const field = this.target('field');
    const content = cleanBlock(field.value).trimEnd();
    if (!isVisible(content)) return;
    if (lengthOf(content) > MAX_LENGTH) {
      this.#showProblem(t('chats.js.tooLong', { Count: lengthOf(content) - MAX_LENGTH }));
      return;
    }
    if (this.#editing) {
      this.#saveEdit(content);
      return;
    }
    this.#messages.expect({ key: randomId(), content, at: new Date(), problem: '' });
    this.#keep();
    this.#setField('');
    this.#drafts.set(this.#draftName, '');
    this.#unreadAfter = Infinity;
    this.#typedAt = 0;
    this.#drawNow();
    this.#toEnd();
    this.#flush();
  }

  async #sendPending() {
    const chat = this.#chat;
    for (const { key, content } of this.#messages.pending.filter(({ problem }) => !problem)) {
      try {
        const { message } = await this.#channel.emit('send_msg', { chatType: chat.type, chatId: chat.id, content, actionId: key });
        if (chat !== this.#chat) return;
        this.#messages.drop(key);
        if (this.#isLoaded && this.#messages.receive(toMessage(message)) === 'gap') this.#catchUp();
      } catch (error) {
        if (chat !== this.#chat || error.code === 'offline') return; // sent again with the next connection
        this.#messages.mark(key, Object.values(error.fields ?? {})[0] || error.message || t('chats.js.notSent'));
      }
      this.#keep();
      this.#changed();
    }
  }

  #retry(key) {
    this.#messages.mark(key, '');
    this.#drawNow();
    this.#flush();
  }

  #keep() {
    keepMessages(this.#me, this.#chat, this.#messages.pending);
  }

  /** A key in the field: Enter sends, with Shift or on a touch screen it is a line break; Arrow up edits the last message. */
  key(event) {
    const key = keyOf(event);
    if (key === 'Enter' && !event.shiftKey && !event.altKey && (isCommand(event) || !matchMedia('(pointer: coarse)').matches)) {
      event.preventDefault();
      this.send();
    } else if (key === 'Escape' && this.#editing) {
      event.preventDefault();
      event.stopPropagation();
      this.#endEditing();
    } else if (key === 'ArrowUp' && this.target('field').value === '' && !this.#editing) {
      const own = this.#messages.all.findLast(({ fromId, deleted }) => fromId === this.#me && !deleted);
      if (!own) return;
      event.preventDefault();
      this.#edit(own);
    }
  }

  /** The text in the field has changed. */
  typed() {
    this.#showProblem('');
    const { value } = this.target('field');
    if (this.#editing) return;
    this.#drafts.set(this.#draftName, value);
    if (value === '' || Date.now() - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = Date.now();
    this.#channel.emit('type_msg', { chatType: this.#chat.type, chatId: this.#chat.id }).catch(() => {});
  }

  #menuOf(message) {
    const own = message.fromId === this.#me;
    return [
      own && { text: t('chats.js.edit'), icon: 'edit', action: () => this.#edit(message) },
      { text: t('chats.js.copy'), icon: 'copy', action: () => this.#copy(message) },
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

  #edit(message) {
    this.#editing = message;
    this.target('editing').hidden = false;
    this.#setField(message.content);
    this.focus();
  }

  async #saveEdit(content) {
    const { id, content: before } = this.#editing;
    if (content === before || await this.#ask('edit_msg', { chatType: this.#chat.type, id, content })) this.#endEditing();
  }

  /** Leaves the message that is edited as it was. */
  cancelEdit() {
    this.#endEditing();
    this.focus();
  }

  #endEditing() {
    this.#editing = null;
    this.target('editing').hidden = true;
    this.#setField(this.#drafts.get(this.#draftName));
  }

  async #ask(event, data) {
    try {
      const { message } = await this.#channel.emit(event, data);
      if (this.#messages.receive(toMessage(message)) === 'gap') this.#catchUp();
      this.#drawNow();
      return true;
    } catch (error) {
      this.#showProblem(Object.values(error.fields ?? {})[0] || error.message || t('chats.js.offline'));
      return false;
    }
  }

  #setField(text) {
    this.target('field').value = text;
    this.#showProblem('');
  }

  #showProblem(text) {
    const problem = this.target('problem');
    problem.textContent = text;
    problem.hidden = text === '';
    this.target('field').toggleAttribute('aria-invalid', text !== '');
  }

  get #draftName() {
    return `${this.#chat.type}-${this.#chat.id}`;
  }

  // --- who is writing ---

  #showTypist(userId) {
    clearTimeout(this.#typists.get(userId));
    this.#typists.set(userId, setTimeout(() => this.#dropTypist(userId), TYPING_SHOWN_MS));
    this.#drawTypists();
  }

  #dropTypist(userId) {
    clearTimeout(this.#typists.get(userId));
    if (this.#typists.delete(userId)) this.#drawTypists();
  }

  #resetTypists() {
    for (const timer of this.#typists.values()) clearTimeout(timer);
    this.#typists.clear();
    this.#drawTypists();
  }

  #drawTypists() {
    const names = [...this.#typists.keys()].map((id) => (this.#chat.type === 'userToUser' ? this.#chat.name : this.#chat.members?.get(id)?.name)).filter(Boolean);
    this.target('typing').textContent = names.length === 0 ? '' : t('chats.js.typing', { Count: names.length, Names: names.slice(0, 3).join(', ') });
  }
}
