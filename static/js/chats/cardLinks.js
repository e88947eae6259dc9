/**
 * Addresses of cards in messages become the cards: title, list, board, labels, members. What a viewer may see is asked of the
 * server whenever the page shows them, and again when something changes on their boards; what it does not answer stays a link.
 */
import { avatarStack } from '../components/avatar.js';
import { el, icon } from '../lib/dom.js';
import { fetchJSON } from '../lib/http.js';
import { toPerson } from '../lib/person.js';
import { coalesce, debounce } from '../lib/timing.js';

const AT_ONCE = 30; // cards that the server answers with at most
const CHANGES_MS = 400;
const MAX_BOARDS = 20; // whose changes are followed
const UNCHANGING = /^(presence|cursor)/; // events that change no card

export class CardLinks {
  #root;
  #channel;
  #cards = new Map();
  #wanted = new Set();
  #boards = new Set();
  #ask = coalesce(() => this.#read());
  #askSoon = debounce(() => this.refresh(), CHANGES_MS);
  #stop;

  /**
   * @param {HTMLElement} root the links are in it
   * @param {object} channel of the namespace of boards
   */
  constructor(root, channel) {
    this.#root = root;
    this.#channel = channel;
    const stops = [
      channel.onAny((name) => this.#boards.size > 0 && !UNCHANGING.test(name) && this.#askSoon()),
      channel.onConnect(() => {
        for (const id of this.#boards) this.#join(id);
        if (this.#boards.size > 0) this.#askSoon();
      }),
    ];
    this.#stop = () => stops.forEach((stop) => stop());
  }

  stop() {
    this.#stop();
    this.#askSoon.cancel();
  }

  /** Makes cards of the links in an element. */
  mark(element) {
    for (const link of element.querySelectorAll('a[href]')) {
      const id = cardOf(link.href);
      if (id === null) continue;
      link.dataset.card = id;
      this.#draw(link);
      this.#wanted.add(id);
    }
    if (this.#wanted.size > 0) this.#ask();
  }

  /** Asks again for all cards that are shown. */
  refresh() {
    this.#wanted = new Set([...this.#root.querySelectorAll('a[data-card]')].map(({ dataset }) => Number(dataset.card)));
    if (this.#wanted.size > 0) this.#ask();
  }

  async #read() {
    const ids = [...this.#wanted];
    this.#wanted = new Set();
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const some = ids.slice(from, from + AT_ONCE);
      try {
        this.#receive(some, await fetchJSON(`/chat/cards?ids=${some.join(',')}`));
      } catch {
        return; // they stay as they are until the next change or connection
      }
    }
  }

  #receive(ids, found) {
    for (const id of ids) this.#cards.delete(id);
    for (const card of found) {
      this.#cards.set(card.id, card);
      this.#follow(card.projectId);
    }
    for (const link of this.#root.querySelectorAll('a[data-card]')) if (ids.includes(Number(link.dataset.card))) this.#draw(link);
  }

  #follow(projectId) {
    if (this.#boards.has(projectId) || this.#boards.size >= MAX_BOARDS) return;
    this.#boards.add(projectId);
    this.#join(projectId);
  }

  #join(projectId) {
    this.#channel.emit('join_project_room', projectId).catch(() => {}); // shown without changes
  }

  #draw(link) {
    const card = this.#cards.get(Number(link.dataset.card));
    link.classList.toggle('cardLink', Boolean(card));
    if (!card) {
      if (link.dataset.drawn) link.textContent = link.href;
      delete link.dataset.drawn;
      return;
    }
    const look = JSON.stringify(card);
    if (link.dataset.drawn === look) return;
    link.dataset.drawn = look;
    link.href = card.urlPath;
    link.replaceChildren(
      el('span', { class: 'cardLinkName', dir: 'auto' }, icon('card'), card.name),
      el('span', { class: 'cardLinkPlace muted small', dir: 'auto' }, `${card.project} · ${card.list}`),
      el('span', { class: 'cardLinkFoot' },
        card.chips.map(({ name, colour }) => el('span', { class: 'cardLinkChip', 'data-colour': colour, dir: 'auto' }, name)),
        card.members.length > 0 && avatarStack(card.members.map((member) => toPerson(member)), { most: 4 })),
    );
  }
}

/** The id of the card that an address of this site names, or null. */
export function cardOf(href, origin = location.origin) {
  if (!URL.canParse(href)) return null;
  const url = new URL(href);
  const id = url.searchParams.get('card') ?? '';
  return url.origin === origin && /^\/[^/]+\/[^/]+$/.test(url.pathname) && /^[1-9]\d{0,15}$/.test(id) ? Number(id) : null;
}
