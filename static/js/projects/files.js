/**
 * `<projects-files>`: attachments of a list or a card. Files are sent one by one, so that each has its own progress
 * and those still waiting can be taken back.
 */
import { confirmDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { el, icon } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { t, lang } from '../lib/i18n.js';
import { isPicture, ownAddress, sizeText, sortFiles } from './fileRules.js';
import { storeOf } from './store.js';

const LOOK_EVERY = 120; // ms between looks at how much is still to be sent

export default class Files extends Element {
  #store;
  #subject = null;
  #files = {};
  #queues = new Map();

  connected() {
    this.#store = storeOf(this);
    const zone = this.closest('dialog') ?? this;
    for (const type of ['dragover', 'dragleave', 'drop']) this.listen(zone, type, (event) => this.#dragged(event));
    this.listen(zone, 'paste', (event) => event.clipboardData.files.length > 0 && this.#add(event.clipboardData.files));
  }

  /**
   * Shows the files of something.
   *
   * @param {object} subject
   * @param {string} subject.key whose files these are; uploads go on when another is shown
   * @param {Record<string, string>} subject.files name → address
   * @param {(changes: {added: object, replaced: object, removed: string[]}) => object} subject.operation
   */
  show(subject) {
    const same = this.#subject?.key === subject.key && this.#files === subject.files;
    this.#subject = subject;
    this.#files = subject.files;
    if (!same) this.#draw();
  }

  choose(event, input) {
    this.#add(input.files);
    input.value = '';
  }

  async #add(chosen) {
    if (!this.#store.canWrite) return;
    const names = [...Object.keys(this.#files), ...this.#waiting.map(({ file }) => file.name)];
    const { fine, replacing, refused } = sortFiles([...chosen], names);
    for (const { file, why } of refused) toast(refusal(file.name, why), { kind: 'danger' });
    for (const file of fine) this.#enqueue(file, 'added');
    const subject = this.#subject;
    for (const file of replacing) {
      const agreed = await confirmDialog({
        title: t('projects.js.files.replaceTitle', { Name: file.name }), text: t('projects.js.files.replaceText'),
        main: t('projects.js.files.replaceMain'),
      });
      if (agreed && this.#subject.key === subject.key) this.#enqueue(file, 'replaced');
    }
  }

  get #waiting() {
    const owner = this.#subject.key;
    if (!this.#queues.has(owner)) this.#queues.set(owner, []);
    return this.#queues.get(owner);
  }

  #enqueue(file, how) {
    const queue = this.#waiting;
    const upload = { file, how, operation: this.#subject.operation, row: null };
    queue.push(upload);
    this.#draw();
    if (queue.length === 1) this.#work(queue);
  }

  async #work(queue) {
    for (; queue.length > 0; queue.shift(), this.#draw()) {
      const upload = queue[0];
      const timer = setInterval(() => this.#showProgress(upload), LOOK_EVERY);
      try {
        const content = await upload.file.arrayBuffer();
        const changes = { added: {}, replaced: {}, removed: [], [upload.how]: { [upload.file.name]: content } };
        await this.#store.do(upload.operation(changes), { bytes: upload.file.size });
      } catch {
        toast(t('projects.js.files.unreadable', { Name: upload.file.name }), { kind: 'danger' });
      } finally {
        clearInterval(timer);
      }
    }
  }

  #showProgress({ file, row }) {
    const left = this.#store.bufferedBytes;
    const bar = row?.querySelector('progress');
    if (bar && left !== null && file.size > 0) bar.value = Math.max(0, 1 - left / file.size);
  }

  #draw() {
    const names = Object.keys(this.#files).sort((a, b) => a.localeCompare(b));
    const waiting = this.#waiting;
    this.target('list').replaceChildren(...names.map((name) => this.#fileRow(name)), ...waiting.map((upload, index) => this.#uploadRow(upload, index)));
    this.target('empty').hidden = names.length + waiting.length > 0;
    this.target('adder')?.toggleAttribute('hidden', !this.#store.canWrite);
  }

  #fileRow(name) {
    const href = ownAddress(this.#files[name]);
    const preview = isPicture(name)
      ? el('img', { class: 'fileRowPreview', src: href, alt: '', loading: 'lazy' }) : el('span', { class: 'fileRowPreview' }, icon('file'));
    return el('li', { class: 'fileRow' }, preview,
      el('a', { class: 'fileRowName', href, target: '_blank', rel: 'noopener' }, name),
      this.#store.canWrite && removeButton(t('projects.js.files.remove', { Name: name }), () => this.#remove(name)));
  }

  #uploadRow(upload, index) {
    const { file } = upload;
    const label = t('projects.js.files.sending', { Name: file.name });
    upload.row = el('li', { class: 'fileRow' }, el('span', { class: 'fileRowPreview' }, icon('file')),
      el('span', { class: 'fileRowName' }, file.name, el('small', {}, sizeText(file.size, lang())), el('progress', { max: 1, 'aria-label': label })),
      index > 0 && removeButton(t('projects.js.files.cancel', { Name: file.name }), () => this.#takeBack(upload)));
    return upload.row;
  }

  async #remove(name) {
    const { operation } = this.#subject;
    const agreed = await confirmDialog({
      title: t('projects.js.files.removeTitle', { Name: name }), text: t('projects.js.files.removeText'),
      main: t('projects.js.files.removeMain'), danger: true,
    });
    if (agreed) this.#store.do(operation({ added: {}, replaced: {}, removed: [name] }));
  }

  #takeBack(upload) {
    const queue = this.#waiting;
    if (queue.indexOf(upload) > 0) queue.splice(queue.indexOf(upload), 1);
    this.#draw();
  }

  #dragged(event) {
    if (!this.#store.canWrite || !event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    this.toggleAttribute('data-dragged-over', event.type === 'dragover');
    if (event.type === 'drop') this.#add(event.dataTransfer.files);
  }
}

function removeButton(label, onclick) {
  return el('button', { class: 'btn btn-quiet btn-icon', type: 'button', 'aria-label': label, title: label, onclick }, icon('close'));
}

function refusal(name, why) {
  if (why === 'size') return t('projects.js.files.tooBig', { Name: name });
  if (why === 'count') return t('projects.js.files.tooMany', { Name: name });
  return t('projects.js.files.badName', { Name: name });
}
