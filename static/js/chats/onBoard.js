/** What chats add to the board: the id of the project's chat, for those who are in it. */
import { withBoardPart } from '../board/model/boardState.js';

const idOf = ({ chatGroupStatus, chatGroupId = null }) => (chatGroupStatus === 'activated' ? chatGroupId : null);

export default function onBoard(board) {
  board.addBoardPart('chat', { read: idOf });
  board.addReducers({ update_project_chat_group_status: (state, event) => withBoardPart(state, 'chat', idOf(event)) });
}
