/** What the menu entry of ⟦.Name⟧ does; see lib/everything.js. */
export default () => ({
  menus: { 'menu of a card': { star: async ({ board }) => { await board.card('Two').locator('[data-part="⟦.Name⟧"]:not([hidden])').waitFor(); } } },
});
