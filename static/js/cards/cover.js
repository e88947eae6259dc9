/** The cover of a card: a picture among its files. */
import { isMeasured, ownAddress } from '../files/rules.js';
import { el } from '../lib/dom.js';

/** Fills the place of the cover on a card, as cards.View.CoverPicture does; what is already shown stays. */
export function fillCover(place, { cover, files, pictures }) {
  const { width, height, version, text = '' } = (files[cover] && pictures[cover]) || {};
  place.hidden = !width;
  const src = width ? `${ownAddress(files[cover])}?cover=${version}` : undefined;
  const [shown] = place.children;
  if (shown?.getAttribute('src') === src && (!src || shown.alt === text)) return;
  place.replaceChildren(...(src ? [el('img', { src, width, height: Math.min(height, Math.trunc(width * 0.75) || 1), alt: text, loading: 'lazy', draggable: 'false' })] : []));
}

/** The name of the first file, as the card lists them, that can be its cover. */
export function coverAmong({ files, pictures }) {
  return Object.keys(files).sort((a, b) => a.localeCompare(b)).find((name) => isMeasured(name, pictures));
}
