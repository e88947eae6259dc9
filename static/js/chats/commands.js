/** The commands of chats on a board. */
import { command } from '../board/commands.js';

/** Opens the project's chat, or closes it. */
export const openChat = command('open-chat');

/** Asks for a chat and shares the board there, or with `{id}` a card. */
export const shareCard = command('open-share');
