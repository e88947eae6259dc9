/** What the menu entries of watching do; see lib/everything.js. */
const says = async ({ page }) => { await page.locator('.toast-success').waitFor(); };

export default () => ({ menus: { 'menu of a card': { eye: says }, 'menu of a list': { eye: says } } });
