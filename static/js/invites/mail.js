/** `<invites-mail>`: the part of the invite window that invites by e-mail, and the invitations that are pending. @later */
import { confirmDialog } from '../components/dialog.js';
import { showTimes } from '../components/time.js';
import { toast } from '../components/toast.js';
import { el } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { BoardSection } from '../board/boardDialog.js';
import { roleText } from '../board/view/roles.js';
import { addressesIn } from './addresses.js';

export default class Mail extends BoardSection {
  #invites = [];

  fill() {
    this.form.reset();
    this.target('check').show(this.form.elements.emails, '');
    this.#load();
  }

  /** Someone has joined, perhaps by an invitation of the list. */
  follow({ view, previous }) {
    if (view.members !== previous.members) this.#load();
  }

  async send(event) {
    event.preventDefault();
    const { emails: field, role } = this.form.elements;
    const answer = await this.ask('invite_by_email', { emails: addressesIn(field.value), role: role.value }, ({ fields, message }) => {
      this.target('check').show(field, fields?.emails ?? fields?.role ?? message);
      field.focus();
    });
    this.target('check').settle();
    if (!answer) return;
    field.value = '';
    this.#show(answer.invites);
    toast(answer.sent > 0 ? t('invites.js.sent', { Count: answer.sent }) : t('invites.js.already'), { kind: answer.sent > 0 ? 'success' : 'info' });
  }

  async resend(event, button) {
    const { id, email } = this.#of(button);
    const answer = await this.ask('resend_invite', { id });
    if (!answer) return;
    this.#show(answer.invites);
    toast(t('invites.js.resent', { Email: email }), { kind: 'success' });
  }

  async withdraw(event, button) {
    const { id, email } = this.#of(button);
    const agreed = await confirmDialog({
      title: t('invites.js.withdrawTitle', { Email: email }), text: t('invites.js.withdrawText'), main: t('invites.js.withdraw'), danger: true,
    });
    const answer = agreed && await this.ask('withdraw_invite', { id });
    if (!answer) return;
    this.#show(answer.invites);
    toast(t('invites.js.withdrawn', { Email: email }), { kind: 'success' });
    this.form.elements.emails.focus();
  }

  // The window also works without the list, so its failure is not reported.
  async #load() {
    const answer = await this.store.send('list_invites', {}).catch(() => null);
    if (answer) this.#show(answer.invites);
  }

  #of(button) {
    return this.#invites.find(({ id }) => String(id) === button.value);
  }

  #show(invites) {
    this.#invites = invites;
    this.target('pending').hidden = invites.length === 0;
    this.target('count').textContent = t('invites.js.pending', { Count: invites.length });
    this.target('list').replaceChildren(...invites.map(row));
    showTimes(this.target('list'));
  }
}

function row({ id, email, role, from, sentAt, expired }) {
  return el('li', { class: 'invitePendingItem' },
    el('div', { class: 'invitePendingText' },
      el('strong', { class: 'invitePendingEmail', dir: 'ltr' }, email),
      el('span', { class: 'small muted' }, t(expired ? 'invites.js.expiredBy' : 'invites.js.by', { Role: roleText(role), Name: from }), ' ',
        el('time', { datetime: sentAt }))),
    el('button', { class: 'btn btn-quiet', type: 'button', value: id, 'data-action': 'click:resend', 'aria-label': t('invites.js.resendTo', { Email: email }) }, t('invites.js.resend')),
    el('button', { class: 'btn btn-quiet', type: 'button', value: id, 'data-action': 'click:withdraw', 'aria-label': t('invites.js.withdrawOf', { Email: email }) }, t('invites.js.withdraw')));
}
