/** What the menu entry of ⟦.Name⟧ does; see lib/everything.js. */
export default ({ win }) => ({ menus: { 'menu of the board': { 'open-⟦.Name⟧': win('⟦.Name⟧') } } });
