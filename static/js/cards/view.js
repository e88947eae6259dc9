/** Fills the markup of a card (templates/cards/_card.html) as text. */
import { avatarStack } from '../components/avatar.js';

/**
 * @param {HTMLElement} element the card's `<li>`
 * @param {import('../projects/boardState.js').Card} card
 * @param {Map<string, import('../projects/boardState.js').Member>} members of the project
 */
export function fillCard(element, card, members) {
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  const files = Object.keys(card.files).length;
  element.id = `c-${card.id}`;
  element.dataset.cardId = card.id;
  element.classList.toggle('card-pending', card.id.startsWith('new'));
  const name = part('name');
  name.textContent = card.name;
  name.id = `n-${card.id}`;
  name.href = `?card=${card.id}`;
  part('hasDesc').hidden = card.desc === '';
  part('files').hidden = files === 0;
  part('fileCount').textContent = String(files);
  const menu = part('menu');
  menu?.setAttribute('aria-labelledby', `cardMenuWord n-${card.id}`);
  const people = card.members.map((id) => members.get(id)).filter(Boolean);
  part('members').replaceChildren(...(people.length > 0 ? [avatarStack(people)] : []));
  part('foot').hidden = card.desc === '' && files === 0 && people.length === 0;
}

/** Shows, also to those who do not see, whether a card is selected. */
export function markSelected(element, isSelected) {
  element.classList.toggle('card-selected', isSelected);
  element.querySelector('[data-part="name"]').setAttribute('aria-describedby', isSelected ? 'cardSelectedWord liftHint' : 'liftHint');
}
