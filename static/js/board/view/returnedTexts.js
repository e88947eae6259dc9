/**
 * The dialog with refused texts that have no place on the board: of cards in a removed list, of edits of a removed card.
 * They are kept until the person has copied or discarded them.
 */
import { dialogButton, openDialog } from '../../components/dialog.js';
import { toast } from '../../components/toast.js';
import { copyText } from '../../lib/clipboard.js';
import { el } from '../../lib/dom.js';
import { t } from '../../lib/i18n.js';

/** Opens the dialog whenever there are such texts. */
export function showReturnedTexts(store, signal) {
  let field = null;
  store.watch('returned', async (text) => {
    if (field) field.value = text;
    if (field || !text) return;
    field = el('textarea', { class: 'input', rows: 8, readonly: true, dir: 'auto', 'data-unguarded': true, 'aria-label': t('projects.js.unsaved.title') });
    field.value = text;
    const { closed } = openDialog({
      title: t('projects.js.unsaved.title'), body: [el('p', {}, t('projects.js.unsaved.text')), field],
      buttons: [
        dialogButton(t('projects.js.unsaved.copy'), 'copy', 'btn-primaryAction'), dialogButton(t('projects.js.unsaved.discard'), 'drop'), dialogButton(t('projects.js.unsaved.keep'), ''),
      ],
    });
    const answer = await closed;
    const { value } = field;
    field = null;
    if (answer === 'drop') store.refusedTexts.discard();
    if (answer !== 'copy' || !await copyText(value)) return;
    store.refusedTexts.discard();
    toast(t('ui.js.inplace.copied'), { kind: 'success' });
  }, signal);
}
