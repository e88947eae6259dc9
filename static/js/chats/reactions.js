/** Reactions on messages: emoji with how many people, and the choice of one to add. */
import { keepNear, moveByKey } from '../components/menu.js';
import { el, icon, uniqueId } from '../lib/dom.js';
import { keyOf } from '../lib/keys.js';
import { t } from '../lib/i18n.js';
import { openEmojiPicker } from './emojiPicker.js';

const QUICK = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '✅'];
const MAX_NAMES = 12;

/**
 * The reactions below a message, null without one.
 *
 * @param {{reactions: {emoji: string, userIds: number[]}[]}} message
 * @param {{me: number, nameOf: (id: number) => string | undefined, react: (message: object, emoji: string, on: boolean) => void}} view
 */
export function reactionRow(message, { me, nameOf, react }) {
  if (message.reactions.length === 0) return null;
  return el('ul', { class: 'reactions' }, message.reactions.map(({ emoji, userIds }) => {
    const own = userIds.includes(me);
    const names = userIds.map((id) => (id === me ? t('chats.js.you') : nameOf(id))).filter(Boolean);
    const rest = userIds.length - Math.min(names.length, MAX_NAMES);
    const who = names.slice(0, MAX_NAMES).join(', ') + (rest > 0 ? ` +${rest}` : '');
    return el('li', {}, el('button', {
      class: 'reaction', type: 'button', 'aria-pressed': String(own), title: who, 'aria-label': t('chats.js.reactionOf', { Emoji: emoji, Names: who }), 'data-emoji': emoji,
      onclick: () => react(message, emoji, !own),
    }, el('span', { 'aria-hidden': 'true' }, `${emoji} ${userIds.length}`)));
  }));
}

/** The button that opens the choice of a reaction. */
export function reactButton(message, react) {
  const button = el('button', {
    class: 'btn btn-quiet btn-icon messageMenu', type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': t('chats.js.react'), title: t('chats.js.react'), 'data-react': true,
    onclick: () => openReactions(button, (emoji) => react(message, emoji, true)),
  }, icon('smile'));
  return button;
}

function openReactions(anchor, choose) {
  const popup = el('div', { class: 'menu reactionMenu', role: 'menu', popover: 'auto', id: uniqueId('menu'), 'aria-label': t('chats.js.react') });
  popup.append(...QUICK.map((emoji) => el('button', {
    class: 'reactionChoice', type: 'button', role: 'menuitem', onclick: () => { popup.hidePopover(); choose(emoji); },
  }, emoji)), el('button', {
    class: 'reactionChoice', type: 'button', role: 'menuitem', 'aria-label': t('chats.js.moreReactions'), title: t('chats.js.moreReactions'),
    onclick: () => {
      // After the menu has let go of the button.
      popup.addEventListener('toggle', () => openEmojiPicker(anchor, anchor.closest('[data-emoji-styles]').dataset.emojiStyles, choose), { once: true });
      popup.hidePopover();
    },
  }, icon('plus')));
  anchor.after(popup);
  popup.showPopover();
  const leave = keepNear(anchor, popup, 'top-start');
  anchor.setAttribute('aria-expanded', 'true');
  popup.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[keyOf(event)];
    if (!step) moveByKey(popup, event);
    else focusNext(popup, step);
  });
  popup.addEventListener('toggle', ({ newState }) => {
    if (newState !== 'closed') return;
    leave();
    anchor.setAttribute('aria-expanded', 'false');
    popup.remove();
  });
  popup.firstElementChild.focus();
}

function focusNext(popup, step) {
  const all = [...popup.children];
  all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
}
