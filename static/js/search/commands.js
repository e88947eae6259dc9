/**
 * The commands of the palette: the entries of the page's menus, which modules have put there with the permissions of the
 * person, the links of the slot `_paletteCommands`, and the keys of the board. So a new entry of a menu is a command.
 */

/**
 * @typedef {{text: string, context: string, keys: string, icon: string, run?: () => void, href?: string}} Command `run` or `href`
 */

/**
 * The commands of this page.
 *
 * @param {HTMLTemplateElement | null} links the links that modules add
 * @returns {Command[]}
 */
export function pageCommands(links) {
  const entries = [...(links?.content.querySelectorAll('a') ?? []), ...document.querySelectorAll('.boardMenu .menuItem'), ...document.querySelectorAll('.pageHeader .menuItem')];
  const commands = entries.filter((entry) => !entry.disabled && !isSubmenu(entry)).map(commandOf);
  const keys = document.querySelector('board-shortcuts')?.commands?.() ?? [];
  const known = new Set(commands.map((command) => command.keys));
  commands.push(...keys.filter((command) => !known.has(command.keys)).map((command) => ({ context: '', icon: 'keyboard', ...command })));
  return commands.filter(({ text }, index) => commands.findIndex((other) => other.text === text) === index);
}

function isSubmenu(entry) {
  return entry.getAttribute('aria-haspopup') !== null;
}

function commandOf(entry) {
  const symbol = [...entry.querySelector('.icon')?.classList ?? []].find((name) => /^icon-(?!small)/.test(name)) ?? 'icon-arrowRight';
  return {
    text: (entry.querySelector('.menuText') ?? entry).textContent.trim(),
    context: entry.getAttribute('role') === 'menuitemradio' ? entry.closest('[role="menu"]').getAttribute('aria-label') : '',
    keys: entry.querySelector('.menuKeys')?.textContent.trim() ?? '',
    icon: symbol.replace('icon-', ''),
    href: entry.getAttribute('href') ?? undefined,
    run: entry.hasAttribute('href') ? undefined : () => entry.click(),
  };
}
