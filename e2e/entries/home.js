/** What the star of a board does; see lib/everything.js. */
export default () => ({
  menus: { 'head of the board': { star: async ({ page }) => { await page.locator('.boardStarButton[aria-pressed="true"]:not([aria-busy])').waitFor(); } } },
});
