/** What invitations by e-mail add to a board: sentences of the history. Addresses are in none of them. */
import { t } from '../lib/i18n.js';
import { roleText } from '../board/view/roles.js';

export default function onBoard(board) {
  board.addHistorySentences({
    'invites.sent': { icon: 'mail', text: ({ Who }, { count, role }) => t('invites.js.history.sent', { Who, Count: count, Role: roleText(role) }) },
    'invites.withdrawn': { icon: 'mail', text: ({ Who }) => t('invites.js.history.withdrawn', { Who }) },
  });
}
