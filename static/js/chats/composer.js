/**
 * `<chats-composer>`: the field for the next message of a chat, or for the one that is edited. Its drafts are kept per chat. It
 * emits `chats-send` {content, reply, files}, `chats-save` {message, content}, `chats-typing`, and `chats-edit-last` when Arrow up is pressed in
 * the empty field. @later
 */
import { avatar } from '../components/avatar.js';
import { MentionOffer } from '../components/mentionOffer.js';
import { Drafts } from '../lib/drafts.js';
import { Element } from '../lib/element.js';
import { locale, t } from '../lib/i18n.js';
import { el, icon } from '../lib/dom.js';
import { isCommand, keyOf } from '../lib/keys.js';
import { cleanBlock, isVisible, lengthOf } from '../lib/text.js';
import { readable, refusal } from '../files/chosenFile.js';
import { pastedFiles, sizeText, sortFiles } from '../files/rules.js';
import { openEmojiPicker } from './emojiPicker.js';
import { quoteText } from './rows.js';

const MAX_LENGTH = 2048; // characters
const TYPING_EVERY_MS = 3000;

export default class Composer extends Element {
  #drafts = new Drafts(`chat:${document.querySelector('meta[name="viewer"]').content}`);
  #draftName = '';
  #editing = null;
  #reply = null; // the message that is answered
  #people = () => [];
  #mentions = null;
  #typedAt = 0;
  #limits = null; // of files
  #chosen = new Map(); // the files that are going to be sent, by the names of drafts

  connected() {
    this.#mentions = new MentionOffer(this.target('field'), () => this.#people(), {
      signal: this.signal, placement: 'top-start', face: (person) => avatar(person, { named: false }),
    });
  }

  /**
   * Shows the draft of a chat.
   *
   * @param {{type: string, id: number, name: string}} chat
   * @param {() => object[]} people who can be mentioned
   * @param {{files: number, size: number}} limits how many files are sent at a time, and how large each may be
   */
  open({ type, id, name }, people, limits) {
    this.#people = people;
    this.#limits = limits;
    this.#mentions.close();
    this.#draftName = `${type}-${id}`;
    this.target('field').setAttribute('aria-label', t('chats.js.field', { Name: name }));
    this.#setReply(null);
    this.endEditing();
    this.#drawFiles();
  }

  /** Files were chosen with the button. */
  choose(event, input) {
    this.addFiles([...input.files]);
    input.value = '';
    this.focus();
  }

  /** The choice of an emoji for the text. */
  pickEmoji(event, button) {
    openEmojiPicker(button, button.dataset.styles, (emoji) => {
      const field = this.target('field');
      field.setRangeText(emoji, field.selectionStart, field.selectionEnd, 'end');
      this.typed();
      this.focus();
    });
  }

  /** A paste with files, such as a picture. */
  pasted(event) {
    const files = pastedFiles(event.clipboardData, this.#files.map(({ name }) => name));
    if (files.length === 0) return;
    event.preventDefault();
    this.addFiles(files);
  }

  /** Adds files to those that are sent next. */
  async addFiles(chosen) {
    const limits = { ...this.#limits, files: this.#limits.files - this.#files.length };
    const { fine, replacing, refused } = sortFiles(chosen, [], limits); // files of one name are all sent
    const problems = refused.map(({ file, why }) => refusal(file.name, why, this.#limits));
    for (const file of [...fine, ...replacing]) {
      try {
        await readable(file);
        this.#files.push(file);
      } catch {
        problems.push(t('projects.js.files.unreadable', { Name: file.name }));
      }
    }
    this.#drawFiles();
    this.showProblem([...new Set(problems)].join(' '));
  }

  get #files() {
    if (!this.#chosen.has(this.#draftName)) this.#chosen.set(this.#draftName, []);
    return this.#chosen.get(this.#draftName);
  }

  #drawFiles() {
    const list = this.target('files');
    list.hidden = this.#files.length === 0;
    list.replaceChildren(...this.#files.map((file) => {
      const label = t('chats.js.removeFile', { Name: file.name });
      return el('li', { class: 'chosenFile' }, icon('file'), el('span', { class: 'oneLine', dir: 'auto' }, file.name), el('small', { class: 'muted' }, sizeText(file.size, locale())),
        el('button', { class: 'btn btn-quiet btn-icon', type: 'button', 'aria-label': label, title: label, onclick: () => this.#removeFile(file) }, icon('close')));
    }));
  }

  #removeFile(file) {
    this.#files.splice(this.#files.indexOf(file), 1);
    this.#drawFiles();
    this.focus();
  }

  /** Moves the focus to the field. */
  focus() {
    this.target('field').focus({ preventScroll: true });
  }

  /** Answers a message. */
  reply(message) {
    if (this.#editing) this.endEditing();
    this.#setReply(message);
    this.focus();
  }

  /** Shows a message to edit it. */
  edit(message) {
    this.#setReply(null);
    this.#editing = message;
    this.target('editing').hidden = false;
    this.#setText(message.content);
    this.focus();
  }

  /** Shows the draft again instead of the message that was edited. */
  endEditing() {
    this.#editing = null;
    this.target('editing').hidden = true;
    this.#setText(this.#drafts.get(this.#draftName));
  }

  /** Says what is wrong; an empty text removes what was said. */
  showProblem(text) {
    const problem = this.target('problem');
    problem.textContent = text;
    problem.hidden = text === '';
    this.target('field').toggleAttribute('aria-invalid', text !== '');
  }

  /** Leaves the message that is edited as it was. */
  cancelEdit() {
    this.endEditing();
    this.focus();
  }

  /** Does not answer the message. */
  cancelReply() {
    this.#setReply(null);
    this.focus();
  }

  /** Sends what was typed, or saves the message that is edited. */
  send(event) {
    event?.preventDefault();
    const content = cleanBlock(this.target('field').value).trimEnd();
    const files = this.#editing ? [] : this.#files;
    if (!isVisible(content) && files.length === 0) return;
    if (lengthOf(content) > MAX_LENGTH) {
      this.showProblem(t('chats.js.tooLong', { Count: lengthOf(content) - MAX_LENGTH }));
      return;
    }
    if (this.#editing) {
      this.emit('chats-save', { message: this.#editing, content });
      return;
    }
    this.#setText('');
    this.#drafts.set(this.#draftName, '');
    this.#typedAt = 0;
    const reply = this.#reply;
    this.#setReply(null);
    this.#mentions.close();
    this.#chosen.delete(this.#draftName);
    this.#drawFiles();
    this.emit('chats-send', { content, reply, files });
  }

  /** A key in the field: Enter sends, with Shift or on a touch screen it is a line break; Arrow up edits the last message. */
  key(event) {
    const key = keyOf(event);
    if (key === 'Enter' && !event.shiftKey && !event.altKey && (isCommand(event) || !matchMedia('(pointer: coarse)').matches)) {
      event.preventDefault();
      this.send();
    } else if (key === 'Escape' && (this.#editing || this.#reply)) {
      event.preventDefault();
      event.stopPropagation();
      if (this.#editing) this.endEditing();
      else this.#setReply(null);
    } else if (key === 'ArrowUp' && this.target('field').value === '' && !this.#editing) {
      if (!this.emit('chats-edit-last')) event.preventDefault();
    }
  }

  /** The text in the field has changed. */
  typed() {
    this.showProblem('');
    const { value } = this.target('field');
    if (this.#editing) return;
    this.#drafts.set(this.#draftName, value);
    if (value === '' || Date.now() - this.#typedAt < TYPING_EVERY_MS) return;
    this.#typedAt = Date.now();
    this.emit('chats-typing');
  }

  #setReply(message) {
    this.#reply = message && { id: message.id, num: message.num, fromId: message.fromId, name: message.name, content: message.content };
    this.target('replying').hidden = !message;
    if (message) this.target('quote').textContent = t('chats.js.answers', { Name: message.name, Text: quoteText(message) });
  }

  #setText(text) {
    this.target('field').value = text;
    this.showProblem('');
  }
}
