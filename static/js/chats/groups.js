/** The windows of chat groups: a new one, and the members of one with what may be done. */
import { avatar } from '../components/avatar.js';
import { confirmDialog, dialogButton, openDialog } from '../components/dialog.js';
import { openMenu } from '../components/menu.js';
import { toast } from '../components/toast.js';
import { el, icon, uniqueId } from '../lib/dom.js';
import { t } from '../lib/i18n.js';
import { keyOf } from '../lib/keys.js';
import { cleanLine, isVisible, lengthOf } from '../lib/text.js';

const MAX_NAME = 32; // characters

/**
 * Asks for a text in a window. `send` carries it out; what it throws is shown below the field.
 *
 * @returns {Promise<unknown>} what `send` has returned; null if the window was closed
 */
async function askText({ title, label, main, value = '', check, send }) {
  const id = uniqueId('field');
  const note = el('p', { class: 'fieldNote fieldNote-error', id: `${id}-note` });
  const field = el('input', { class: 'input', id, dir: 'auto', autocomplete: 'off', value, 'aria-describedby': `${id}-note` });
  const button = el('button', { class: 'btn btn-primaryAction', type: 'button' }, main);
  let result = null;
  const { dialog, closed } = openDialog({
    title, body: [el('div', { class: 'field' }, el('label', { class: 'fieldLabel', for: id }, label), field, note)],
    buttons: [button, dialogButton(t('chats.js.cancel'), '')],
  });
  const show = (problem) => {
    note.textContent = problem;
    field.toggleAttribute('aria-invalid', problem !== '');
    if (problem) field.focus();
  };
  const submit = async () => {
    const typed = cleanLine(field.value).trim();
    const problem = check(typed);
    show(problem);
    if (problem || button.getAttribute('aria-busy') === 'true') return;
    button.setAttribute('aria-busy', 'true');
    try {
      result = await send(typed);
      dialog.close();
    } catch (error) {
      show(reasonOf(error));
    }
    button.removeAttribute('aria-busy');
  };
  button.addEventListener('click', submit);
  field.addEventListener('input', () => show(''));
  field.addEventListener('keydown', (event) => {
    if (keyOf(event) !== 'Enter') return;
    event.preventDefault();
    submit();
  });
  field.focus();
  await closed;
  return result;
}

function reasonOf(error) {
  return Object.values(error.fields ?? {})[0] || error.message || t('chats.js.offline');
}

function checkName(name) {
  if (!isVisible(name)) return t('chats.js.group.nameEmpty');
  return lengthOf(name) > MAX_NAME ? t('chats.js.group.nameTooLong', { Max: MAX_NAME }) : '';
}

/** Asks for the name of a new group and creates it; returns its id, null if it was cancelled. */
export function createGroup(channel) {
  return askText({
    title: t('chats.js.group.new'), label: t('chats.js.group.name'), main: t('chats.js.group.create'), check: checkName,
    send: async (name) => (await channel.emit('create_chat_group', name)).id,
  });
}

/**
 * Opens the window of a group.
 *
 * @param {object} group
 * @param {() => object | undefined} group.chat the group now; undefined once it is gone
 * @param {(listener: () => void) => () => void} group.follow calls a listener when chats change
 */
export function showGroup({ channel, me, chat, follow }) {
  const list = el('ul', { class: 'groupMembers' });
  const admin = () => chat()?.type === 'chatGroup' && chat().role === 'admin';
  const actions = el('div', { class: 'groupActions' });
  const window = new GroupWindow({ channel, me, chat });
  const { dialog, closed } = openDialog({ title: chat().name, body: [actions, list], buttons: [dialogButton(t('chats.js.close'), '', 'btn-primaryAction')] });
  const draw = () => {
    if (!chat()) {
      dialog.close();
      return;
    }
    dialog.querySelector('.dialogTitle').textContent = chat().name;
    list.replaceChildren(...window.members(admin()));
    actions.replaceChildren(...window.actions(admin()));
  };
  draw();
  const stop = follow(draw);
  closed.then(stop);
}

class GroupWindow {
  #channel;
  #me;
  #chat;

  constructor({ channel, me, chat }) {
    this.#channel = channel;
    this.#me = me;
    this.#chat = chat;
  }

  members(isAdmin) {
    const { members, type } = this.#chat();
    return [...members.values()].sort((a, b) => a.name.localeCompare(b.name)).map((member) => el('li', { class: 'groupMember' },
      avatar(member, { size: 'medium', named: false }),
      el('a', { class: 'oneLine', href: `/${member.userName}`, dir: 'auto' }, member.name),
      el('span', { class: 'muted small' }, type === 'chatGroup' && member.role === 'admin' ? t('chats.js.group.admin') : ''),
      isAdmin && member.id !== this.#me && this.#menuOf(member)));
  }

  actions(isAdmin) {
    if (this.#chat().type !== 'chatGroup') return [el('p', { class: 'muted' }, t('chats.js.group.ofProject'))];
    return [
      isAdmin && action('userAdd', t('chats.js.group.add'), () => this.#add()),
      isAdmin && action('edit', t('chats.js.group.rename'), () => this.#rename()),
      action('logout', t('chats.js.group.leave'), () => this.#leave()),
      isAdmin && action('delete', t('chats.js.group.delete'), () => this.#delete(), 'btn-danger'),
    ].filter(Boolean);
  }

  #menuOf(member) {
    const isAdmin = member.role === 'admin';
    const button = el('button', { class: 'btn btn-quiet btn-icon', type: 'button', 'aria-haspopup': 'menu', 'aria-expanded': 'false', 'aria-label': t('chats.js.group.memberMenu', { Name: member.name }) }, icon('more'));
    button.addEventListener('click', () => openMenu(button, [
      { text: t(isAdmin ? 'chats.js.group.dismiss' : 'chats.js.group.promote'), icon: 'star', action: () => this.#send('change_chat_group_member_role', { id: member.id, newRole: isAdmin ? 'default' : 'admin' }) },
      { text: t('chats.js.group.remove'), icon: 'close', danger: true, action: () => this.#remove(member) },
    ]));
    return button;
  }

  #add() {
    const chatGroupId = this.#chat().id;
    askText({
      title: t('chats.js.group.add'), label: t('chats.js.group.friend'), main: t('chats.js.group.addMain'),
      check: (name) => (name === '' ? t('chats.js.group.friendEmpty') : ''),
      send: (friendNameOrEmail) => this.#channel.emit('add_friend_to_chat_group', { chatGroupId, friendNameOrEmail }),
    });
  }

  #rename() {
    const { id: chatGroupId, name } = this.#chat();
    askText({
      title: t('chats.js.group.rename'), label: t('chats.js.group.name'), main: t('chats.js.group.save'), value: name, check: checkName,
      send: (newName) => this.#channel.emit('edit_chat_group_name', { chatGroupId, newName }),
    });
  }

  async #remove({ id, name }) {
    const text = t('chats.js.group.removeText');
    if (await confirmDialog({ title: t('chats.js.group.removeTitle', { Name: name }), text, main: t('chats.js.group.remove'), danger: true })) {
      this.#send('remove_user_from_chat_group', { userId: id });
    }
  }

  async #leave() {
    const { name } = this.#chat();
    if (await confirmDialog({ title: t('chats.js.group.leaveTitle', { Name: name }), text: t('chats.js.group.leaveText'), main: t('chats.js.group.leave'), danger: true })) {
      this.#send('remove_user_from_chat_group', { userId: this.#me, removeMyself: 'True' });
    }
  }

  async #delete() {
    const { name, id } = this.#chat();
    if (await confirmDialog({ title: t('chats.js.group.deleteTitle', { Name: name }), text: t('chats.js.group.deleteText'), main: t('chats.js.group.delete'), danger: true })) {
      this.#emit('delete_chat_group', id);
    }
  }

  #send(event, data) {
    return this.#emit(event, { chatGroupId: this.#chat().id, ...data });
  }

  async #emit(event, data) {
    try {
      await this.#channel.emit(event, data);
    } catch (error) {
      toast(reasonOf(error), { kind: 'danger' });
    }
  }
}

function action(name, text, onclick, kind = '') {
  return el('button', { class: `btn ${kind}`.trim(), type: 'button', onclick }, icon(name), text);
}
