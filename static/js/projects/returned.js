/**
 * The window with texts that the server has refused and that have no place on the board any more: of cards whose list is
 * gone, of changes to a card that is gone. They are kept until the person has copied or dropped them.
 */
import { dialogButton, openDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { copyText } from '../lib/clipboard.js';
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';

/** Opens the window whenever there is something to give back. */
export function giveBackTexts(store, signal) {
  let field = null;
  store.watch('returned', async (text) => {
    if (field) field.value = text;
    if (field || !text) return;
    field = el('textarea', { class: 'input', rows: 8, readonly: true, dir: 'auto', 'data-unguarded': true, 'aria-label': t('projects.js.returned.title') });
    field.value = text;
    const { closed } = openDialog({
      title: t('projects.js.returned.title'), body: [el('p', {}, t('projects.js.returned.text')), field],
      buttons: [
        dialogButton(t('projects.js.returned.copy'), 'copy', 'btn-primaryAction'), dialogButton(t('projects.js.returned.drop'), 'drop'), dialogButton(t('projects.js.returned.later'), ''),
      ],
    });
    const answer = await closed;
    const { value } = field;
    field = null;
    if (answer === 'drop') store.forgetReturned();
    if (answer !== 'copy' || !await copyText(value)) return;
    store.forgetReturned();
    toast(t('projects.js.inplace.copied'), { kind: 'success' });
  }, signal);
}
