/** `<projects-details>`: title, address and description of the project. Typed text is a draft until it is saved or discarded. @later */
import { toast } from '../components/toast.js';
import { t } from '../lib/i18n.js';
import { SettingsPanel } from '../board/settingsPanel.js';
import { showSections } from '../board/view/sections.js';
import { editProject } from './operations.js';

// The form's fields, and their names in the board's state.
const FIELDS = { title: 'title', name: 'name', projectDesc: 'desc' };

export default class Details extends SettingsPanel {
  #base = {};

  fill() {
    const { project } = this.store.view;
    let changed = false;
    for (const [name, key] of Object.entries(FIELDS)) {
      const { text, base } = this.store.drafts.of(`project:${name}`).get();
      this.#base[name] = project[key];
      this.#field(name).value = text || project[key];
      this.target('check').show(this.#field(name), '');
      // A draft must not silently replace a change by another person.
      if (text && base !== null && base !== project[key]) changed = true;
    }
    this.#notice(this.#isTyped ? this.#noticeText(changed) : '');
    showSections(this, project);
  }

  /** Another person has changed the project: typed fields stay, the others are updated. */
  follow({ view, previous }) {
    if (view.project === previous.project) return;
    for (const [name, key] of Object.entries(FIELDS)) {
      const field = this.#field(name);
      if (field.value === this.#base[name]) field.value = view.project[key];
      this.#base[name] = view.project[key];
    }
    this.#notice(this.#isTyped ? this.#noticeText(true) : '');
    showSections(this, view.project);
  }

  closed(value) {
    if (value === 'cancel') this.#forget();
  }

  typed({ target }) {
    if (target.name in FIELDS) this.store.drafts.set(`project:${target.name}`, target.value === this.#base[target.name] ? '' : target.value, this.#base[target.name]);
  }

  takeSaved() {
    for (const name of Object.keys(FIELDS)) this.#field(name).value = this.#base[name];
    this.#forget();
    this.#notice('');
  }

  /** Fills the fields with an earlier text: what a revision has as name is the title. */
  putBack({ detail }) {
    for (const [name, text] of Object.entries({ title: detail.name, projectDesc: detail.desc })) {
      this.#field(name).value = text;
      this.typed({ target: this.#field(name) });
    }
    this.#field('title').focus();
  }

  async save(event) {
    event.preventDefault();
    const values = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, this.#field(name).value.trim()]));
    const base = { ...this.#base };
    const before = this.store.view;
    // Not shown before the answer, which may be about the fields.
    const answer = await this.ask('edit_project_name_and_desc', { id: Number(before.project.id), ...values, base }, (error) => this.#refused(error));
    this.target('check').settle();
    if (!answer) return;
    this.#forget();
    this.close();
    const changes = changesOf(values, base);
    if (Object.keys(changes).length > 0) this.store.done(editProject({ changes }), before, answer);
    else toast(t('projects.js.details.saved'), { kind: 'success' });
  }

  #refused({ fields = {}, message }) {
    const known = Object.keys(fields).filter((name) => FIELDS[name] || name === 'desc');
    for (const name of known) this.target('check').show(this.#field(name === 'desc' ? 'projectDesc' : name), fields[name]);
    if (known.length === 0) toast(message, { kind: 'danger' });
    else this.#field(known[0] === 'desc' ? 'projectDesc' : known[0]).focus();
  }

  #notice(text) {
    this.part('notice').hidden = text === '';
    this.part('noticeText').textContent = text;
  }

  #noticeText(changed) {
    const { title, desc } = this.store.view.project;
    return changed ? t('projects.js.details.changed', { Name: title, Desc: desc }) : t('projects.js.details.kept');
  }

  get #isTyped() {
    return Object.keys(FIELDS).some((name) => this.#field(name).value !== this.#base[name]);
  }

  #forget() {
    for (const name of Object.keys(FIELDS)) this.store.drafts.set(`project:${name}`, '');
  }

  #field(name) {
    return this.form.elements[name];
  }
}

// The values that are not those of the base, by their names in the board's state.
function changesOf(values, base) {
  return Object.fromEntries(Object.entries(FIELDS).filter(([name]) => values[name] !== base[name]).map(([name, key]) => [key, values[name]]));
}
