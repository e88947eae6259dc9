/** The face of a member on what they have just moved. */
import { avatar } from '../../components/avatar.js';
import { el } from '../../lib/dom.js';

const SHOWN_MS = 2000;
const MOST = 30; // faces at a time

/**
 * @param {HTMLElement | null} element a list or card
 * @param {import('../model/boardState.js').Member} member
 */
export function showMover(element, member) {
  if (!element || document.getElementsByClassName('mover').length >= MOST) return;
  element.querySelector(':scope > .mover')?.remove();
  const face = el('span', { class: 'mover', 'aria-hidden': 'true', title: member.name }, avatar(member, { named: false }));
  element.append(face);
  setTimeout(() => face.remove(), SHOWN_MS);
}
