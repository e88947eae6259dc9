/** What chats add to the board: the id of the project's chat, for those who are in it, and that cards are shared into chats. */
import { withBoardPart } from '../board/model/boardState.js';
import { t } from '../lib/i18n.js';
import { shareCard } from './commands.js';

const idOf = ({ chatGroupStatus, chatGroupId = null }) => (chatGroupStatus === 'activated' ? chatGroupId : null);

export default function onBoard(board) {
  board.addBoardPart('chat', { read: idOf });
  board.addCardActions([{
    name: 'shareInChat', order: 860, icon: 'chat', for: 'one', text: () => t('chats.js.share.menu'), isDisabled: ({ store }) => !store.me,
    run: (store, { card: { id } }) => shareCard(store, { id }),
  }]);
  board.addReducers({ update_project_chat_group_status: (state, event) => withBoardPart(state, 'chat', idOf(event)) });
}
