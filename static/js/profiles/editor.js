/** `<profiles-editor>`: changes display name, text and picture of one's own profile in place. Without it the form is a page's. @later */
import { cropPicture } from '../components/cropper.js';
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { t } from '../lib/i18n.js';

// The fields as the form sends them.
const FIELDS = { name: 'newDisplayName', desc: 'newProfileDesc' };

export default class Editor extends Element {
  #chosen = null; // Blob
  #before = '';

  connected() {
    this.#before = this.target('picture').src;
    this.listen(this.target('picture'), 'click', () => this.#isOpen && this.target('file').click());
    if (this.#isOpen) this.#open();
  }

  disconnected() {
    this.#forget();
  }

  get #isOpen() {
    return !this.target('form').hidden;
  }

  edit(event) {
    event.preventDefault();
    this.#open();
    this.target('name').focus();
  }

  cancel(event) {
    event.preventDefault();
    this.#forget();
    this.target('form').reset();
    this.#note('');
    this.#show(false);
    this.targets('view').at(-1).focus();
  }

  async crop() {
    const [file] = this.target('file').files;
    if (!file) return;
    try {
      const part = await cropPicture(file, {
        title: t('profiles.js.crop.title'), picture: t('profiles.js.crop.picture'), description: t('profiles.js.crop.description'),
        zoom: t('profiles.js.crop.zoom'), main: t('profiles.js.crop.main'), cancel: t('ui.js.cancel'),
      });
      if (part) this.#take(part);
    } catch {
      this.#note(t('profiles.js.notAPicture'), true);
    }
    this.target('file').value = ''; // the same file may be chosen again
  }

  async save(event) {
    event.preventDefault();
    const body = new FormData(this.target('form'));
    if (this.#chosen) body.set('newProfilePic', this.#chosen, 'picture.png');
    else body.delete('newProfilePic');
    this.#busy(true);
    try {
      await fetchJSON(this.target('form').action, { body });
      // The page is drawn anew: with the picture in the header and everything as the server has it.
      location.replace(location.pathname);
    } catch (error) {
      this.#busy(false);
      this.#refused(error);
    }
  }

  #refused({ message, fields }) {
    this.#note(fields.newProfilePic ?? '', true);
    const wrong = Object.keys(FIELDS).filter((name) => this.#complain(name, fields[FIELDS[name]] ?? ''));
    if (wrong.length > 0) this.target(wrong[0]).focus();
    else if (!fields.newProfilePic) toast(message, { kind: 'danger' });
  }

  #complain(name, text) {
    const note = this.target(`${name}Note`);
    note.dataset.hint ??= note.textContent;
    note.textContent = text || note.dataset.hint;
    note.classList.toggle('fieldNote-error', text !== '');
    this.target(name).setAttribute('aria-invalid', String(text !== ''));
    return text !== '';
  }

  #take(part) {
    this.#forget();
    this.#chosen = part;
    this.target('picture').src = URL.createObjectURL(part);
    if (this.target('drawn')) this.target('drawn').checked = false;
    this.#note(t('profiles.js.pictureChosen'));
    this.target('save').focus();
  }

  // Shows the stored picture again.
  #forget() {
    if (!this.#chosen) return;
    URL.revokeObjectURL(this.target('picture').src);
    this.target('picture').src = this.#before;
    this.#chosen = null;
  }

  #open() {
    this.#show(true);
  }

  #show(isOpen) {
    this.target('form').hidden = !isOpen;
    for (const node of this.targets('view')) node.hidden = isOpen;
    this.classList.toggle('profileEditor-open', isOpen);
  }

  #note(text, isError = false) {
    const note = this.target('pictureNote');
    note.dataset.hint ??= note.textContent;
    note.textContent = text || note.dataset.hint;
    note.classList.toggle('fieldNote-error', isError && text !== '');
  }

  #busy(isBusy) {
    this.toggleAttribute('data-busy', isBusy);
    if (isBusy) this.target('save').setAttribute('aria-busy', 'true');
    else this.target('save').removeAttribute('aria-busy');
  }
}
