/** Fills the markup of a card (templates/cards/_card.html) as text. */
import { avatarStack } from '../components/avatar.js';
import { extensions } from '../board/extensions.js';
import { fillCover } from './cover.js';

/**
 * @param {HTMLElement} element the card's `<li>`
 * @param {import('./schema.js').Card} card
 * @param {import('../board/model/boardState.js').BoardState} view
 */
export function fillCard(element, card, view) {
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  const files = Object.keys(card.files).length;
  element.id = `c-${card.id}`;
  element.dataset.cardId = card.id;
  element.classList.toggle('card-pending', card.id.startsWith('new'));
  fillCover(part('cover'), card);
  const name = part('name');
  name.textContent = card.name;
  name.id = `n-${card.id}`;
  name.href = `?card=${card.id}`;
  part('hasDesc').hidden = card.desc === '';
  const badge = part('files');
  badge.hidden = files === 0;
  badge.textContent = String(files);
  badge.setAttribute('aria-label', `${badge.title}: ${files}`);
  part('menu')?.setAttribute('aria-labelledby', `cardMenuWord n-${card.id}`);
  part('edit')?.setAttribute('aria-labelledby', `cardEditWord n-${card.id}`);
  const people = card.members.map((id) => view.members.get(id)).filter(Boolean);
  part('members').replaceChildren(...(people.length > 0 ? [avatarStack(people)] : []));
  for (const { name: partName, fill } of extensions.cardParts) fill(element, card.parts[partName], view);
}

/** Shows whether a card is selected, also for screen readers. */
export function markSelected(element, isSelected) {
  element.classList.toggle('card-selected', isSelected);
  element.querySelector('[data-part="name"]').setAttribute('aria-describedby', isSelected ? 'cardSelectedWord dragHint' : 'dragHint');
}
