/** The commands of chats on a board. */
import { command } from '../board/commands.js';

/** Opens the project's chat, or closes it. */
export const openChat = command('open-chat');
