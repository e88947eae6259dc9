/** What the menu entries of chats do; see lib/everything.js. The button of a project's chat appears with the chat. */
export default ({ goesTo, opens, win }) => ({
  menus: {
    'settings of the project': { chat: win('chat') }, 'menu of the account': { '/chat': goesTo(/\/chat$/) },
    'menu of a card': { chat: opens('dialog:has(.shareChats)') }, 'menu of the board': { 'open-share': opens('dialog:has(.shareChats)') },
  },
});
