/** The dialog that adds members to several cards, or removes them. */
import { avatar } from '../components/avatar.js';
import { dialogButton, openDialog } from '../components/dialog.js';
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { editCard } from './operations.js';

/** Opens the dialog and applies the changes. A member whose box is unchanged stays as they are on each card. */
export async function chooseMembers(store, ids) {
  const cards = present(store, ids);
  if (cards.length === 0) return;
  const boxes = store.people.map((person) => box(person, cards));
  const { closed } = openDialog({
    title: t('cards.js.membersOf.title', { Count: cards.length }),
    body: [el('div', { class: 'memberChoices' }, ...boxes.map(({ label }) => label))],
    buttons: [dialogButton(t('cards.js.membersOf.main'), 'main', 'btn-primaryAction'), dialogButton(t('ui.js.cancel'), '')],
  });
  if (await closed !== 'main') return;
  const touched = boxes.filter(({ input, was }) => !input.indeterminate && input.checked !== was);
  const operations = present(store, ids).map((card) => change(card, touched)).filter(Boolean);
  if (operations.length === 0) return;
  store.doAll(operations);
  store.selection.clear();
  store.emit('announce', t('cards.js.membersOf.done', { Count: operations.length }));
}

function present(store, ids) {
  return ids.map((id) => store.view.cards.get(id)).filter(Boolean);
}

// Checked: on all of the cards; indeterminate: on some.
function box(person, cards) {
  const count = cards.filter((card) => card.members.includes(person.id)).length;
  const input = el('input', { type: 'checkbox', value: person.id });
  input.checked = count === cards.length;
  input.indeterminate = count > 0 && count < cards.length;
  const was = input.indeterminate ? null : input.checked;
  return { input, was, label: el('label', { class: 'memberChoice' }, input, avatar(person, { named: false }), el('span', { dir: 'auto' }, person.name)) };
}

/** The operation for one card, null if nothing changes. */
function change({ id, members }, touched) {
  const wanted = touched.filter(({ input }) => input.checked !== members.includes(input.value));
  if (wanted.length === 0) return null;
  const those = (on) => wanted.filter(({ input }) => input.checked === on).map(({ input }) => input.value);
  return editCard({ id, newMembers: those(true), removedMembers: those(false) });
}
