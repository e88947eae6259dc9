/**
 * `<chats-panel>`: the chat of the project, at the board's right; on a phone it is the page of chats. Whether it is open is
 * remembered in this tab.
 */
import { Element, upgraded } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { sessionStore } from '../lib/storage.js';
import { connection } from '../lib/socket.js';
import { storeOf } from '../board/store.js';
import { afterEvent, keyOf, toChats } from './chats.js';
import { openChat } from './commands.js';
import { toast } from '../components/toast.js';

export default class Panel extends Element {
  #store;
  #chats = new Map();
  #stop = [];

  connected() {
    this.#store = storeOf(this);
    openChat.handle(this.#store, () => this.toggle(), this.signal);
    this.#store.on('change', () => this.#follow(), this.signal);
    this.#stop = [connection().channel('/').onAny((name, [data]) => this.#heard(name, data))];
    const head = this.parentElement.querySelector('.boardHead');
    const measured = new ResizeObserver(() => this.style.setProperty('--chat-top', `${head.offsetHeight}px`));
    measured.observe(head);
    this.#stop.push(() => measured.disconnect());
    this.#follow();
    if (this.#group && sessionStore.getItem(this.#memory) && !isPhone()) this.#open();
  }

  disconnected() {
    for (const stop of this.#stop) stop();
  }

  /** Opens the chat, or closes it. */
  toggle() {
    const id = this.#group;
    if (!id) return;
    if (isPhone()) location.assign(`/chat?project=${id}`);
    else if (this.hidden) this.#open({ focus: true });
    else this.close();
  }

  /** Closes the panel. */
  close() {
    sessionStore.removeItem(this.#memory);
    const hadFocus = this.contains(document.activeElement);
    this.#hide();
    if (hadFocus) this.#buttons[0]?.focus();
  }

  async #open({ focus = false } = {}) {
    sessionStore.setItem(this.#memory, '1');
    this.hidden = false;
    for (const button of this.#buttons) button.setAttribute('aria-expanded', 'true');
    try {
      this.#chats = toChats((await fetchJSON('/chat')).chats);
    } catch (error) {
      toast(error.message, { kind: 'danger' });
      this.close();
      return;
    }
    const chat = this.#chats.get(this.#key);
    if (!chat || this.hidden) return this.#hide();
    this.target('place').replaceChildren(this.target('conversation').content.cloneNode(true));
    const conversation = this.target('place').firstElementChild;
    await upgraded(conversation);
    conversation.limits = this.#store.view.parts.fileLimits;
    conversation.show(chat);
    if (focus) conversation.focus();
  }

  #hide() {
    this.hidden = true;
    this.target('place').replaceChildren();
    for (const button of this.#buttons) button.setAttribute('aria-expanded', 'false');
  }

  #heard(name, data) {
    if (this.hidden) return;
    const chats = afterEvent(this.#chats, name, data, Number(this.#store.me));
    if (chats === this.#chats) return;
    this.#chats = chats;
    const chat = chats.get(this.#key);
    if (chat) this.target('place').firstElementChild?.update?.({ name: chat.name, members: chat.members });
    else this.#hide();
  }

  // The chat may be switched on and off while the board is open.
  #follow() {
    const has = Boolean(this.#group);
    for (const button of this.#buttons) button.hidden = !has;
    if (!has && !this.hidden) this.#hide();
  }

  get #buttons() {
    return [...this.closest('board-root').querySelectorAll('[value="open-chat"]')];
  }

  get #group() {
    return this.#store.view.parts.chat;
  }

  get #key() {
    return keyOf({ type: 'projectChatGroup', id: this.#group });
  }

  get #memory() {
    return `chatPanel:${this.#store.view.project.id}`;
  }
}

function isPhone() {
  return matchMedia('(width <= 800px)').matches;
}
