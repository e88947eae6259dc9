/** The elements of a chat's messages, kept while they show the same. */
import { avatar } from '../components/avatar.js';
import { openMenu } from '../components/menu.js';
import { showRichText } from '../components/richText.js';
import { el, icon } from '../lib/dom.js';
import { serverNow } from '../lib/clock.js';
import { locale, t } from '../lib/i18n.js';
import { fileRow, filePending } from './fileRows.js';
import { markMentions } from './mentions.js';
import { reactButton, reactionRow } from './reactions.js';

const DAY = 24 * 3600_000; // ms

export class MessageRows {
  #nodes = new Map();
  #me;
  #do;

  /**
   * @param {object} actions
   * @param {(key: string) => void} actions.retry
   * @param {(message: object) => object[]} actions.menu
   * @param {(message: object, emoji: string, on: boolean) => void} actions.react
   * @param {(message: object) => void} actions.view opens a message that is a file
   * @param {(key: string) => void} actions.cancel cancels a file that is being sent
   * @param {(num: number) => void} actions.jump shows the message with this number
   * @param {(text: HTMLElement) => void} actions.filled called when an element has been filled with a text
   * @param {(id: number) => string | undefined} actions.nameOf
   * @param {(userName: string) => object | undefined} actions.find a person of the chat
   */
  constructor(me, actions) {
    this.#me = me;
    this.#do = actions;
  }

  /** The elements of rows (messages.js); an element whose row is as it was is the same one. */
  nodes(rows, { seenRev, isPair }) {
    const kept = new Map();
    const seen = isPair ? rows.findLast(({ kind, message }) => kind === 'message' && message.fromId === this.#me && message.num <= seenRev) : null;
    const nodes = rows.map((row) => {
      const { key, look } = describe(row, row === seen);
      const known = this.#nodes.get(key);
      const entry = known?.look === look ? known : { look, node: this.#remake(known?.node, () => this.#make(row, row === seen)) };
      kept.set(key, entry);
      return entry.node;
    });
    this.#nodes = kept;
    return nodes;
  }

  // The focus stays on the reaction or button of a message that is drawn again.
  #remake(before, make) {
    const node = make();
    const focused = before?.contains(document.activeElement) && document.activeElement.closest('[data-emoji], [data-react], [data-menu]');
    if (!focused) return node;
    const [name] = ['data-emoji', 'data-react', 'data-menu'].filter((each) => focused.hasAttribute(each));
    const same = () => node.querySelector(`[${name}="${CSS.escape(focused.getAttribute(name))}"]`) ?? node.querySelector('[data-react]');
    queueMicrotask(() => same()?.focus({ preventScroll: true }));
    return node;
  }

  #make({ kind, at, message, first }, isSeen) {
    if (kind === 'day') return el('li', { class: 'dayLine' }, el('span', {}, dayText(at)));
    if (kind === 'unread') return el('li', { class: 'unreadLine' }, el('span', {}, t('chats.js.unread')));
    return kind === 'pending' ? this.#pending(message, first) : this.#message(message, first, isSeen);
  }

  #message(message, first, isSeen) {
    const own = message.fromId === this.#me;
    const node = el('li', { class: `message${own ? ' message-own' : ''}${first ? ' message-first' : ''}`, id: `m-${message.id}` },
      first && !own && el('a', { class: 'messageFace', href: `/${message.userName}`, 'aria-hidden': 'true', tabindex: -1 }, avatar(message, { size: 'medium', named: false })),
      el('div', { class: 'messageBody' },
        first && el('p', { class: 'messageHead' },
          !own && el('a', { class: 'messageName', href: `/${message.userName}`, dir: 'auto' }, message.name),
          el('span', { class: 'visuallyHidden' }, own ? t('chats.js.you') : ''),
          timeOf(message.at)),
        this.#bubble(message),
        !message.deleted && reactionRow(message, { me: this.#me, ...this.#do }),
        isSeen && el('p', { class: 'messageState' }, t('chats.js.seen'))));
    if (!message.deleted) node.querySelector('.messageBubble').after(el('span', { class: 'messageTools' }, reactButton(message, this.#do.react), this.#menuButton(message)));
    return node;
  }

  #bubble(message) {
    const { content, edited, deleted, reply, file } = message;
    if (file) return fileRow(message, this.#do.view);
    if (deleted) return el('p', { class: 'messageBubble messageBubble-deleted' }, t('chats.js.deleted'));
    return el('div', { class: 'messageBubble' }, reply && this.#quote(reply), this.#text(content), edited && el('span', { class: 'messageEdited' }, t('chats.js.edited')));
  }

  #text(content) {
    const text = el('div', { class: 'richText', dir: 'auto' });
    showRichText(text, content, { filled: () => this.#filled(text) });
    return text;
  }

  #filled(text) {
    markMentions(text, this.#do.find, this.#me);
    this.#do.filled(text);
  }

  #quote({ num, name, fromId, ...quoted }) {
    const who = fromId === this.#me ? t('chats.js.you') : name;
    return el('button', { class: 'messageQuote', type: 'button', 'aria-label': t('chats.js.answers', { Name: who, Text: quoteText(quoted) }), onclick: () => this.#do.jump(num) },
      el('strong', { dir: 'auto' }, who), el('span', { class: 'messageQuoteText', dir: 'auto' }, quoteText(quoted)));
  }

  #menuButton(message) {
    const button = el('button', {
      class: 'btn btn-quiet btn-icon messageMenu', type: 'button', 'data-menu': true, 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': t('chats.js.messageMenu'),
      onclick: () => openMenu(button, this.#do.menu(message)),
    }, icon('more'));
    return button;
  }

  #pending(message, first) {
    const { content, problem, reply, file } = message;
    if (file) return filePending(message, first, this.#do);
    const state = problem
      ? el('button', { class: 'messageRetry', type: 'button', onclick: () => this.#do.retry(message.key) }, icon('warning'), el('span', {}, t('chats.js.retry', { Reason: problem })))
      : el('p', { class: 'messageState' }, t('chats.js.sending'));
    return el('li', { class: `message message-own message-pending${problem ? ' message-failed' : ''}${first ? ' message-first' : ''}` },
      el('div', { class: 'messageBody' }, el('div', { class: 'messageBubble' }, reply && this.#quote(reply), this.#text(content)), state));
  }
}

/** What is shown of a quoted message. */
export function quoteText({ content, deleted, hidden }) {
  if (hidden) return t('chats.js.hidden');
  return deleted ? t('chats.js.deleted') : content.replaceAll(/\s+/g, ' ');
}

function describe({ kind, at, message, first }, isSeen) {
  if (kind === 'day') return { key: `day-${at.toDateString()}`, look: dayText(at) };
  if (kind === 'unread') return { key: 'unread', look: '' };
  if (kind === 'pending') return { key: `p-${message.key}`, look: `${first} ${message.problem}` };
  return { key: `m-${message.num}`, look: `${message.rev} ${first} ${isSeen}` };
}

function timeOf(at) {
  return el('span', { class: 'messageTime', title: new Intl.DateTimeFormat(locale(), { dateStyle: 'full', timeStyle: 'short' }).format(at) },
    new Intl.DateTimeFormat(locale(), { timeStyle: 'short' }).format(at));
}

function dayText(at) {
  const midnight = (time) => new Date(time).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(serverNow()) - midnight(at)) / DAY);
  if (days < 2) return new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(-days, 'day');
  return new Intl.DateTimeFormat(locale(), { weekday: 'long', day: 'numeric', month: 'long', ...(days > 300 && { year: 'numeric' }) }).format(at);
}
