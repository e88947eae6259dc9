/** Fills the markup of a list (templates/lists/_list.html) as text; the board draws the cards. */

/** @param {HTMLElement} element the list's `<li>` */
export function fillList(element, list) {
  const part = (name) => element.querySelector(`[data-part="${name}"]`);
  element.id = `l-${list.id}`;
  element.dataset.listId = list.id;
  element.ariaLabel = list.name;
  element.classList.toggle('list-pending', list.id.startsWith('new'));
  part('name').textContent = list.name;
  part('name').href = `?list=${list.id}`;
  part('about').hidden = list.desc === '' && Object.keys(list.files).length === 0;
  const menu = element.querySelector('[data-label]');
  if (menu) menu.ariaLabel = menu.dataset.label.replace('…', list.name);
}

/** Shows whether a list is collapsed: a narrow bar with name and number of cards, which its name expands. */
export function markCollapsed(element, isCollapsed) {
  element.classList.toggle('list-collapsed', isCollapsed);
  const name = element.querySelector('[data-part="name"]');
  if (isCollapsed) name.setAttribute('aria-expanded', 'false');
  else name.removeAttribute('aria-expanded');
}
