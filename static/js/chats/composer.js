/**
 * `<chats-composer>`: the field for the next message of a chat, or for the one that is edited. Its drafts are kept per chat. It
 * emits `chats-send` {content, reply}, `chats-save` {message, content}, `chats-typing`, and `chats-edit-last` when Arrow up is pressed in
 * the empty field. @later
 */
import { avatar } from '../components/avatar.js';
import { MentionOffer } from '../components/mentionOffer.js';
import { Drafts } from '../lib/drafts.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { isCommand, keyOf } from '../lib/keys.js';
import { cleanBlock, isVisible, lengthOf } from '../lib/text.js';
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
   */
  open({ type, id, name }, people) {
    this.#people = people;
    this.#mentions.close();
    this.#draftName = `${type}-${id}`;
    this.target('field').setAttribute('aria-label', t('chats.js.field', { Name: name }));
    this.#setReply(null);
    this.endEditing();
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
    if (!isVisible(content)) return;
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
    this.emit('chats-send', { content, reply });
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
