/** `<projects-details>`: name and description of the project. What is typed is kept until it is saved or given up. @later */
import { toast } from '../components/toast.js';
import { t } from '../lib/i18n.js';
import { Window } from './window.js';

// The form's fields and what they are called in the board's state.
const FIELDS = { name: 'name', projectDesc: 'desc' };

export default class Details extends Window {
  #base = {};

  fill() {
    const { project } = this.store.view;
    let changed = false;
    for (const [name, key] of Object.entries(FIELDS)) {
      const { text, base } = this.store.drafts.of(`project:${name}`).get();
      this.#base[name] = project[key];
      this.#field(name).value = text || project[key];
      this.target('check').show(this.#field(name), '');
      // What was typed before somebody else's change must not replace it unseen.
      if (text && base !== null && base !== project[key]) changed = true;
    }
    this.#notice(this.#isTyped ? this.#noticeText(changed) : '');
    this.#versions?.show(project);
  }

  /** Somebody else has changed it: what is typed stays, what is not is brought up to date. */
  follow({ view, previous }) {
    if (view.project === previous.project) return;
    for (const [name, key] of Object.entries(FIELDS)) {
      const field = this.#field(name);
      if (field.value === this.#base[name]) field.value = view.project[key];
      this.#base[name] = view.project[key];
    }
    this.#notice(this.#isTyped ? this.#noticeText(true) : '');
    this.#versions?.show(view.project);
  }

  async open() {
    if (await super.open() === 'cancel') this.#forget();
  }

  typed({ target }) {
    if (target.name in FIELDS) this.store.drafts.set(`project:${target.name}`, target.value === this.#base[target.name] ? '' : target.value, this.#base[target.name]);
  }

  takeSaved() {
    for (const name of Object.keys(FIELDS)) this.#field(name).value = this.#base[name];
    this.#forget();
    this.#notice('');
  }

  /** Puts an earlier text into the fields. */
  putBack({ detail }) {
    for (const [name, key] of Object.entries(FIELDS)) {
      this.#field(name).value = detail[key];
      this.typed({ target: this.#field(name) });
    }
    this.#field('name').focus();
  }

  async save(event) {
    event.preventDefault();
    const values = Object.fromEntries(Object.keys(FIELDS).map((name) => [name, this.#field(name).value.trim()]));
    const answer = await this.ask('edit_project_name_and_desc', { id: Number(this.store.view.project.id), ...values, base: this.#base }, (error) => this.#refused(error));
    this.target('check').settle();
    if (!answer) return;
    this.#forget();
    this.close();
    toast(t('projects.js.details.saved'), { kind: 'success' });
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
    const { name, desc } = this.store.view.project;
    return changed ? t('projects.js.details.changed', { Name: name, Desc: desc }) : t('projects.js.details.kept');
  }

  get #versions() {
    return this.querySelector('versions-list');
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
