/** Avatars, and stacks of them. The same markup as templates/components/_avatar.html. */
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { faceOf, ownPicture } from './face.js';

/**
 * @param {{ name: string, picUrl?: string, id?: string }} person an id marks a member of the board
 * @param {object} [options]
 * @param {'small' | 'head' | 'medium' | 'large'} [options.size] 24, 28, 32 or 96 px
 * @param {{state: 'here' | 'idle' | 'away', label: string}} [options.mark] a ring that says how present the person is
 * @param {boolean} [options.named] false where the name is next to it
 */
export function avatar({ name, picUrl, id }, { size = 'small', named = true, mark } = {}) {
  const frame = el('span', { class: `avatar avatar-${size}${mark ? ` avatar-${mark.state}` : ''}`, 'data-face': named ? id : undefined, title: named ? mark?.label ?? name : undefined });
  const pic = ownPicture(picUrl);
  if (!pic) {
    frame.append(initials(name, named));
    return frame;
  }
  frame.append(el('img', {
    class: 'avatarPic', src: pic, alt: named ? name : '', loading: 'lazy', decoding: 'async',
    onerror: () => frame.replaceChildren(initials(name, named)),
  }));
  return frame;
}

function initials(name, named) {
  const face = faceOf(name);
  return el('span', { class: `avatarInitial avatarInitial-${face.tint}`, ...(named ? { role: 'img', 'aria-label': name } : { 'aria-hidden': 'true' }) }, face.initials);
}

/** The first `most` people, with their marks, and the number of the others. */
export function avatarStack(people, { most = 3, size, marks } = {}) {
  const rest = people.length - most;
  return el('span', { class: 'avatarStack' },
    people.slice(0, most).map((person) => avatar(person, { size, mark: marks?.get(person.id) })),
    rest > 0 && el('span', { class: 'avatarMore', title: people.slice(most).map(({ name }) => name).join(', ') },
      el('span', { 'aria-hidden': 'true' }, `+${rest}`),
      el('span', { class: 'visuallyHidden' }, t('ui.js.more', { Count: rest }))));
}
