/** What chats add to the board: the id of the project's chat, for those who are in it, and that cards are shared into chats. */
import { withBoardPart } from '../board/model/boardState.js';
import { upgraded } from '../lib/element.js';
import { t } from '../lib/i18n.js';

const idOf = ({ chatGroupStatus, chatGroupId = null }) => (chatGroupStatus === 'activated' ? chatGroupId : null);

export default function onBoard(board) {
  board.addBoardPart('chat', { read: idOf });
  board.addCardActions([{
    name: 'shareInChat', order: 860, icon: 'chat', for: 'one', text: () => t('chats.js.share.menu'), isDisabled: ({ store }) => !store.me,
    run: (store, { card }) => share(`${location.origin}${location.pathname}?card=${card.id}`),
  }]);
  board.addReducers({ update_project_chat_group_status: (state, event) => withBoardPart(state, 'chat', idOf(event)) });
}

async function share(address) {
  const element = document.querySelector('chats-share') ?? document.body.appendChild(document.createElement('chats-share'));
  await upgraded(element);
  element.open(address);
}
