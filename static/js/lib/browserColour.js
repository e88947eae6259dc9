/** The colour of the browser's bar: `<meta name="theme-color">`, one for each scheme of the system. */

/**
 * Gives the browser's bar the colour of the theme, or of each scheme where the system decides.
 *
 * @param {Record<string, string>} [colours] scheme → colour of the page, where it is not that of all pages
 */
export function colourBrowser(colours = {}) {
  const { theme } = document.documentElement.dataset;
  const metas = [...document.querySelectorAll('meta[name="theme-color"]')];
  for (const meta of metas) meta.dataset.colour = colours[meta.dataset.scheme] ?? meta.dataset.colour;
  for (const meta of metas) {
    const shown = metas.find(({ dataset }) => dataset.scheme === theme) ?? meta;
    meta.content = shown.dataset.colour;
  }
}
