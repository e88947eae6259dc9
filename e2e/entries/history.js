/** What the button and the menu entry of the history do; see lib/everything.js. */
export default ({ win }) => ({
  menus: { 'head of the board': { 'open-history': win('history') } },
  onPhone: { 'menu of the board': { 'open-history': win('history') } },
});
