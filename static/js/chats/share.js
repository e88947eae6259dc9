/** `<chats-share>`: the window in which a card or the board is shared into a chat: its address is sent as a message. @later */
import { avatar } from '../components/avatar.js';
import { dialogButton, openDialog } from '../components/dialog.js';
import { toast } from '../components/toast.js';
import { el, icon } from '../lib/dom.js';
import { Element } from '../lib/element.js';
import { fetchJSON } from '../lib/http.js';
import { t } from '../lib/i18n.js';
import { randomId } from '../lib/ids.js';
import { connection } from '../lib/socket.js';
import { contains } from '../lib/text.js';
import { storeOf } from '../board/store.js';
import { inOrder, toChats } from './chats.js';
import { shareCard } from './commands.js';

const FILTERED_FROM = 8; // chats

export default class Share extends Element {
  connected() {
    shareCard.handle(storeOf(this), (card) => this.#open(`${location.origin}${location.pathname}${card?.id ? `?card=${card.id}` : ''}`, Boolean(card?.id)), this.signal);
  }

  async #open(address, isCard) {
    let chats;
    try {
      chats = inOrder(toChats((await fetchJSON('/chat')).chats));
    } catch (error) {
      toast(error.message || t('chats.js.offline'), { kind: 'danger' });
      return;
    }
    const list = el('ul', { class: 'shareChats' });
    const filter = el('input', { class: 'input', type: 'search', placeholder: t('chats.js.share.filter'), 'aria-label': t('chats.js.share.filter'), autocomplete: 'off', hidden: chats.length < FILTERED_FROM });
    const note = el('p', { class: 'muted' }, chats.length === 0 ? t('chats.js.share.none') : t(isCard ? 'chats.js.share.hint' : 'chats.js.share.hintBoard'));
    const { dialog, closed } = openDialog({ title: t('chats.js.share.title'), body: [note, filter, list], buttons: [dialogButton(t('chats.js.cancel'), '')] });
    const choose = (chat) => {
      dialog.close();
      send(chat, address);
    };
    const draw = () => list.replaceChildren(...chats.filter(({ name }) => contains(name, filter.value)).map((chat) => el('li', {}, el('button', {
      class: 'shareChat', type: 'button', onclick: () => choose(chat),
    }, chat.type === 'userToUser' ? avatar(chat, { size: 'medium', named: false }) : el('span', { class: 'avatar avatar-medium chatGroupFace', 'aria-hidden': 'true' }, icon(chat.type === 'chatGroup' ? 'users' : 'board')),
    el('span', { class: 'oneLine', dir: 'auto' }, chat.name)))));
    filter.addEventListener('input', draw);
    draw();
    await closed;
  }
}

async function send(chat, address) {
  try {
    await connection().channel('/').emit('send_msg', { chatType: chat.type, chatId: chat.id, content: address, actionId: randomId() });
    toast(t('chats.js.share.done', { Name: chat.name }), { kind: 'success' });
  } catch (error) {
    toast(error.message || t('chats.js.offline'), { kind: 'danger' });
  }
}
