/** Pictures of people, and rows of them. The same markup as templates/components/_avatar.html. */
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';

/**
 * @param {{ name: string, picUrl?: string, id?: string }} person with an id it is somebody on the board
 * @param {object} [options]
 * @param {'small' | 'medium' | 'large'} [options.size] 24, 32 or 96 px
 * @param {boolean} [options.named] false where the name stands beside it
 */
export function avatar({ name, picUrl, id }, { size = 'small', named = true } = {}) {
  const frame = el('span', { class: `avatar avatar-${size}`, 'data-face': named ? id : undefined, title: named ? name : undefined });
  if (!picUrl) {
    frame.append(initial(name, named));
    return frame;
  }
  frame.append(el('img', {
    class: 'avatarPic', src: picUrl, alt: named ? name : '', loading: 'lazy', decoding: 'async',
    onerror: () => frame.replaceChildren(initial(name, named)),
  }));
  return frame;
}

function initial(name, named) {
  const letter = [...name][0]?.toLocaleUpperCase() ?? '?';
  return el('span', named ? { class: 'avatarInitial', role: 'img', 'aria-label': name } : { class: 'avatarInitial', 'aria-hidden': 'true' }, letter);
}

/** The first `most` people, and how many there are besides. */
export function avatarStack(people, { most = 3, size } = {}) {
  const rest = people.length - most;
  return el('span', { class: 'avatarStack' },
    people.slice(0, most).map((person) => avatar(person, { size })),
    rest > 0 && el('span', { class: 'avatarMore', title: people.slice(most).map(({ name }) => name).join(', ') },
      el('span', { 'aria-hidden': 'true' }, `+${rest}`),
      el('span', { class: 'visuallyHidden' }, t('ui.js.more', { Count: rest }))));
}
