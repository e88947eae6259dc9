/**
 * `<chats-chat>`: the page of chats: the list at the left, one conversation at the right; on a phone one of them. The address
 * names the open chat, so that Back returns to the list, and a link or a reload opens it. Boards do without it. @later
 */
import { avatar } from '../components/avatar.js';
import { openMenu } from '../components/menu.js';
import { timeText } from '../components/time.js';
import { toast } from '../components/toast.js';
import { serverNow } from '../lib/clock.js';
import { el, icon } from '../lib/dom.js';
import { Element, upgraded } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { locale, t } from '../lib/i18n.js';
import { pageData } from '../lib/pageData.js';
import { reconcile } from '../lib/reconcile.js';
import { connection } from '../lib/socket.js';
import { coalesce } from '../lib/timing.js';
import { afterEvent, blockAddress, inOrder, keyOf, toChats } from './chats.js';
import { createGroup, showGroup } from './groups.js';

const MAX_SHOWN = 99;

export default class Chat extends Element {
  #me = pageData().currentUserId;
  #chats = toChats(pageData().chats);
  #open = null; // the key of the open chat
  #channel = connection().channel('/');
  #rows = new Map();
  #refresh = coalesce(() => this.#read());
  #stop = [];

  connected() {
    this.#draw();
    const { chatToOpen } = pageData();
    if (chatToOpen) this.#show(keyOf(chatToOpen), messageInAddress());
    this.#stop = [
      this.#channel.onAny((name, [data]) => this.#heard(name, data)),
      this.#channel.onConnect(() => this.#refresh()),
    ];
    this.listen(window, 'popstate', () => this.#followAddress());
    connection().watch((state) => state === 'sessionEnded' && location.reload(), this.signal);
  }

  disconnected() {
    for (const stop of this.#stop) stop();
  }

  /** A click on a chat; a click for a new tab stays one. */
  choose(event, link) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const { chat: key } = link.dataset;
    if (key !== this.#open) history.pushState(null, '', link.getAttribute('href'));
    this.#show(key);
    if (!matchMedia('(pointer: coarse)').matches) this.#conversation.focus?.();
  }

  /** Back to the list, on a phone. */
  back() {
    const key = this.#open;
    history.pushState(null, '', '/chat');
    this.#close();
    this.#rows.get(key)?.node.querySelector('a').focus();
  }

  /** Asks for the name of a new group, and opens it. */
  async create() {
    const id = await createGroup(this.#channel);
    if (id === null) return;
    await this.#refresh();
    const key = keyOf({ type: 'chatGroup', id });
    if (!this.#chats.has(key)) return;
    history.pushState(null, '', addressOf(this.#chats.get(key)));
    this.#show(key);
  }

  /** The menu of the open chat. */
  menu(event, button) {
    const chat = this.#openChat;
    openMenu(button, [
      chat.type === 'userToUser' && { text: t('chats.js.profile'), icon: 'user', href: chat.goToUrl },
      chat.type !== 'userToUser' && { text: t('chats.js.members'), icon: 'users', action: () => this.group() },
      chat.boardUrl && { text: t('chats.js.board'), icon: 'board', href: chat.boardUrl },
      { text: t(chat.muted ? 'chats.js.unmute' : 'chats.js.mute'), icon: 'bell', action: () => this.#mute(chat) },
      chat.type === 'userToUser' && { text: t('chats.js.block', { Name: chat.name }), icon: 'close', href: blockAddress(chat.userName) },
    ].filter(Boolean));
  }

  /** The window of the open group. */
  group() {
    showGroup({ channel: this.#channel, me: this.#me, chat: () => this.#openChat, follow: (listener) => this.#follow(listener) });
  }

  #follow(listener) {
    this.addEventListener('chats-changed', listener);
    return () => this.removeEventListener('chats-changed', listener);
  }

  async #mute({ type, id, muted }) {
    try {
      await this.#channel.emit('mute_chat', { chatType: type, chatId: id, muted: !muted });
      toast(t(muted ? 'chats.js.unmuted' : 'chats.js.muted'), { kind: 'success' });
    } catch (error) {
      toast(error.message || t('chats.js.offline'), { kind: 'danger' });
    }
  }

  #heard(name, data) {
    if (name === 'blocks_changed') this.#refresh();
    const chats = afterEvent(this.#chats, name, data, this.#me);
    if (chats === this.#chats) return;
    this.#chats = chats;
    this.#changed();
  }

  async #read() {
    try {
      this.#chats = toChats((await fetchJSON('/chat')).chats);
      this.#changed();
    } catch {
      // the next connect reads again
    }
  }

  #changed() {
    const chat = this.#openChat;
    if (this.#open && !chat) {
      toast(t('chats.js.gone'));
      history.replaceState(null, '', '/chat');
      this.#close();
    } else if (chat) {
      this.#drawHead(chat);
      this.#conversation.update?.({ name: chat.name, members: chat.members });
    }
    this.#draw();
    this.emit('chats-changed');
  }

  #followAddress() {
    const params = new URLSearchParams(location.search);
    const chat = [...this.#chats.values()].find(({ type, id, userName }) => ({ userToUser: params.get('with') === userName, chatGroup: params.get('group') === String(id), projectChatGroup: params.get('project') === String(id) })[type]);
    if (chat) this.#show(keyOf(chat), messageInAddress());
    else this.#close();
  }

  // at is the number of the message to show; 0 for the newest, or for where the open chat is.
  async #show(key, at = 0) {
    const chat = this.#chats.get(key);
    if (!chat) return;
    const isSame = this.#open === key;
    this.#open = key;
    this.dataset.open = key;
    this.target('none').hidden = true;
    this.target('pane').hidden = false;
    this.#drawHead(chat);
    this.#draw();
    document.title = `${chat.name} · Taskstack`;
    await upgraded(this.#conversation);
    this.#conversation.limits = pageData().fileLimits;
    if ((!isSame || at) && this.#open === key) this.#conversation.show(chat, { at });
  }

  #close() {
    this.#open = null;
    delete this.dataset.open;
    this.target('none').hidden = false;
    this.target('pane').hidden = true;
    document.title = `${t('chats.js.title')} · Taskstack`;
    this.#draw();
  }

  get #openChat() {
    return this.#chats.get(this.#open);
  }

  get #conversation() {
    return this.querySelector('chats-conversation');
  }

  #drawHead(chat) {
    this.target('face').replaceChildren(faceOf(chat, 'medium'));
    const name = this.target('name');
    name.textContent = chat.name;
    const count = this.target('count');
    count.hidden = chat.type === 'userToUser';
    if (!count.hidden) count.textContent = t('chats.js.memberCount', { Count: chat.members.size });
    this.target('mutedMark').hidden = !chat.muted;
  }

  #draw() {
    const chats = inOrder(this.#chats);
    const rows = new Map();
    for (const chat of chats) {
      const key = keyOf(chat);
      const isOpen = key === this.#open;
      const look = JSON.stringify([chat.name, chat.userName, chat.unread, chat.last, chat.picUrl, chat.muted, isOpen]);
      const known = this.#rows.get(key);
      rows.set(key, known?.look === look ? known : { look, node: this.#row(chat, isOpen, known?.node) });
    }
    this.#rows = rows;
    reconcile(this.target('chats'), [...rows.values()].map(({ node }) => node));
    this.target('empty').hidden = chats.length > 0;
  }

  // The row stays the same element, so that it keeps the focus.
  #row(chat, isOpen, node = el('li', { class: 'chatRow' }, el('a', { class: 'chatLink', 'data-action': 'click:choose' }))) {
    const link = node.firstElementChild;
    link.href = addressOf(chat);
    link.dataset.chat = keyOf(chat);
    if (isOpen) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
    const unread = isOpen && document.visibilityState === 'visible' ? 0 : chat.unread;
    link.replaceChildren(
      faceOf(chat, 'medium'),
      el('span', { class: 'chatName oneLine', dir: 'auto' }, chat.name),
      chat.last ? el('time', { class: 'chatTime', datetime: chat.last.at.toISOString() }, timeText(chat.last.at, serverNow(), locale())) : el('span'),
      el('span', { class: 'chatLast oneLine', dir: 'auto' }, this.#lastText(chat)),
      el('span', { class: 'chatMarks' },
        chat.muted && el('span', { class: 'icon icon-small icon-bell chatMuted', role: 'img', 'aria-label': t('chats.js.isMuted') }),
        unread > 0 && el('span', { class: `chatUnread${chat.muted ? ' chatUnread-quiet' : ''}` },
          el('span', { 'aria-hidden': 'true' }, unread > MAX_SHOWN ? `${MAX_SHOWN}+` : String(unread)),
          el('span', { class: 'visuallyHidden' }, t('chats.js.unreadCount', { Count: unread })))),
    );
    return node;
  }

  #lastText({ last, type, members }) {
    if (!last) return t('chats.js.nothingYet');
    const text = last.content.replaceAll(/\s+/g, ' ');
    if (last.fromId === this.#me) return t('chats.js.lastOwn', { Text: text });
    const from = type === 'userToUser' ? null : members.get(last.fromId);
    return from ? t('chats.js.lastOf', { Name: from.name, Text: text }) : text;
  }
}

function messageInAddress() {
  const num = Number(new URLSearchParams(location.search).get('message'));
  return Number.isSafeInteger(num) && num > 0 ? num : 0;
}

function addressOf({ type, id, userName }) {
  if (type === 'userToUser') return `/chat?with=${encodeURIComponent(userName)}`;
  return type === 'chatGroup' ? `/chat?group=${id}` : `/chat?project=${id}`;
}

function faceOf(chat, size) {
  if (chat.type === 'userToUser') return avatar(chat, { size, named: false });
  return el('span', { class: `avatar avatar-${size} chatGroupFace`, 'aria-hidden': 'true' }, icon(chat.type === 'chatGroup' ? 'users' : 'board'));
}
