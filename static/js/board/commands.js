/**
 * The commands of a board: what one element asks for and another carries out. A misspelt one does not load.
 *
 * `openCard(store, { id })` has the command carried out, `openCard.handle(store, ({ id }) => …, signal)` carries it out. A
 * button names a command: `value="open-filter" data-action="click:command"`. The commands of a module are made with
 * `command` in a file of the module; a dialog has the command `open-⟨name of its file⟩` (boardDialog.js).
 */

const commands = new Map();

/**
 * Makes a command.
 *
 * @param {string} name as buttons write it
 */
export function command(name) {
  const run = (store, detail = {}) => store.command(name, detail);
  run.handle = (store, handler, signal) => store.handle(name, handler, signal);
  commands.set(name, run);
  return run;
}

/** Opens a card's dialog: `{id, at}`, `at` is "name" or "members" for the field that gets the focus. */
export const openCard = command('open-card');

/** Opens a list's dialog: `{id}`. */
export const openList = command('open-list');

/** Opens the composer of a list: `{listId, after}`, `after` is the card below which new ones go. */
export const composeCard = command('compose-card');

/** Opens the composer of lists. */
export const composeList = command('compose-list');

/** Opens the menu of a card: `{id, anchor}`. */
export const openCardMenu = command('card-menu');

/** Opens the dialog that asks where to move cards: `{id}` or `{ids}`. */
export const openMoveCards = command('move-card');

/** Opens the dialog that moves cards of any lists to one list: `{listId}`, whose cards are chosen. */
export const openBulkMove = command('move-cards');

/** Opens the dialog that asks where to move a list: `{id}`. */
export const openMoveList = command('move-list');

/** Archives cards: `{ids}`. */
export const archiveCards = command('archive-cards');

/** Deletes cards: `{ids}`. */
export const deleteCards = command('delete-cards');

/** Opens the dialog that changes the members of several cards: `{ids}`. */
export const editMembersOfCards = command('members-of-cards');

/** Moves cards to the neighbouring list: `{ids, step, toTop}`, `step` is -1 or 1. */
export const shiftCards = command('shift-cards');

/** Shows who is on a card: `{card}`, its element. */
export const showMember = command('who');

/** Opens the filter. */
export const openFilter = command('open-filter');

/** Removes the filter. */
export const clearFilter = command('clear-filter');

/** Adds a value to a facet of the filter, or removes it: `{facet, value}`. */
export const filterBy = command('filter-by');

/** Shows the keyboard shortcuts. */
export const openShortcuts = command('open-keys');

/** Hides or shows the page's header and the board's description. */
export const toggleHead = command('toggle-head');

/** Has a command carried out that a button names. */
export function runCommand(store, name, detail) {
  if (!commands.has(name) && !name.startsWith('open-')) throw new Error(`there is no command "${name}"`);
  store.command(name, detail);
}

/** The names of all commands except those of dialogs. */
export function commandNames() {
  return [...commands.keys()];
}
