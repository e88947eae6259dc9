/** `<files-drop>`: files dropped on a card of the board are attached to it, one by one, with a bar on the card. */
import { confirmDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { storeOf } from '../board/store.js';
import { uploadReasonText } from '../board/sync/reason.js';
import { el } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { readable, refusal } from './chosenFile.js';
import { sortFiles } from './rules.js';

export default class Drop extends Element {
  #store;
  #target = null;
  #cancelled = new AbortController();

  connected() {
    this.#store = storeOf(this);
    const board = this.closest('board-root');
    for (const type of ['dragover', 'dragleave', 'drop']) this.listen(board, type, (event) => this.#dragged(event));
  }

  disconnected() {
    this.#cancelled.abort();
  }

  // The dialogs of lists and cards take their files themselves; beside a card nothing happens (lib/strayFiles.js).
  #dragged(event) {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return;
    const card = event.target.closest('[data-card-id]');
    this.#mark(event.type === 'dragover' ? card : null);
    if (!card || event.type === 'dragleave') return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    if (event.type === 'drop') this.#attach(card, [...event.dataTransfer.files]);
  }

  #mark(card) {
    if (card === this.#target) return;
    this.#target?.classList.remove('dropTarget');
    card?.classList.add('dropTarget');
    this.#target = card;
  }

  async #attach(element, chosen) {
    const { id, files } = this.#store.view.cards.get(element.dataset.cardId) ?? { files: {} };
    if (id === undefined) return;
    const limits = this.#store.view.parts.fileLimits;
    const { fine, replacing, refused } = sortFiles(chosen, Object.keys(files), limits);
    for (const { file, why } of refused) toast(refusal(file.name, why, limits), { kind: 'danger' });
    for (const file of fine) await this.#send(element, id, file, false);
    for (const file of replacing) {
      const agreed = await confirmDialog({
        title: t('projects.js.files.replaceTitle', { Name: file.name }), text: t('projects.js.files.replaceText'), main: t('projects.js.files.replaceMain'),
      });
      if (agreed) await this.#send(element, id, file, true);
    }
  }

  async #send(element, id, file, replaces) {
    const bar = el('progress', { class: 'cardProgress', max: 1, value: 0, 'aria-label': t('projects.js.files.sending', { Name: file.name }) });
    element.append(bar);
    try {
      await readable(file);
      await this.#store.upload({ kind: 'card', id, file, replaces, signal: this.#cancelled.signal, onProgress: (share) => { bar.value = share; } });
      this.#store.emit('announce', t('projects.js.files.attached', { Name: file.name }));
    } catch (error) {
      if (!this.#cancelled.signal.aborted) toast(error.isUnreadable ? t('projects.js.files.unreadable', { Name: file.name }) : uploadReasonText(error, file.name), { kind: 'danger' });
    } finally {
      bar.remove();
    }
  }
}
