/** The commands of chats on a board. */
import { command } from '../board/commands.js';

/** Opens the project's chat, or closes it. */
export const openChat = command('open-chat');

/** Asks for a chat and shares a card there: `{id}`. */
export const shareCard = command('open-share');
