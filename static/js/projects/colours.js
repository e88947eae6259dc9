/** The names of the colours that a board can have. */
import { colourBrowser } from '../lib/browserColour.js';
import { t } from '../lib/i18n.js';

/** The name of a colour in the language of the page. */
export function colourText(colour) {
  return names[colour]?.() ?? colour;
}

const names = {
  teal: () => t('projects.js.colour.teal'), blue: () => t('projects.js.colour.blue'), violet: () => t('projects.js.colour.violet'),
  pink: () => t('projects.js.colour.pink'), red: () => t('projects.js.colour.red'), orange: () => t('projects.js.colour.orange'),
  green: () => t('projects.js.colour.green'), slate: () => t('projects.js.colour.slate'), lagoon: () => t('projects.js.colour.lagoon'),
  meadow: () => t('projects.js.colour.meadow'), dusk: () => t('projects.js.colour.dusk'), sunset: () => t('projects.js.colour.sunset'),
};

const CLASS = 'boardColour-';

/** Shows the page of a board in a colour: its background, its icon, and the bar of the browser, which is above it on a phone. */
export function showColour(colour) {
  const { classList } = document.body;
  classList.remove(...[...classList].filter((name) => name.startsWith(CLASS)));
  classList.add(CLASS + colour);
  const [light, dark] = [colours('light'), colours('dark')];
  showIcon(light);
  colourBrowser({ light: light[0], dark: dark[0] });
}

// The colours of the page in a theme, as the style sheet has them: the first and the last of the background.
function colours(theme) {
  const probe = document.createElement('span');
  probe.hidden = true;
  probe.style.colorScheme = theme;
  document.body.append(probe);
  const found = ['--board-from', '--board-to'].map((name) => {
    probe.style.color = `var(${name})`;
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return found;
}

// The icon of the program on the colours of the board, those of the light theme: tabs of browsers may have either.
function showIcon([from, to]) {
  const bar = (x, y, width, fill) => `<rect x="${x}" y="${y}" width="${width}" height="5" rx="2.5" ${fill}/>`;
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    + `<linearGradient id="b"><stop stop-color="${from}"/><stop offset="1" stop-color="${to}"/></linearGradient>`
    + `<rect width="32" height="32" rx="8" fill="url(#b)"/>${bar(6, 6.5, 20, 'fill="#fff"')}${bar(6, 13.5, 14, 'fill="#fff" fill-opacity=".62"')}`
    + `${bar(12, 20.5, 14, 'fill="#f6b84b"')}</svg>`;
  document.querySelector('link[rel="icon"]').href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
