/** What the menu entries of the trash do; see lib/everything.js. */
export default ({ win }) => ({
  menus: { 'menu of the board': { 'open-archive': win('archive'), 'open-trash': win('trash') } },
});
