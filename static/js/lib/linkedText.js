/** Shows text with its URLs as links, as nodes and never as markup. */

const ADDRESS = /https?:\/\/[^\s<>"']+/g;

/** Parts of a text: `{text}` or `{text, href}`. Punctuation at the end of an address belongs to the sentence. */
export function linkParts(text) {
  const parts = [];
  let done = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const href = trimmed(match[0]);
    if (match.index > done) parts.push({ text: text.slice(done, match.index) });
    parts.push({ text: href, href });
    done = match.index + href.length;
  }
  if (done < text.length) parts.push({ text: text.slice(done) });
  return parts;
}

/** Fills an element with a text; line breaks are left to `white-space: pre-wrap`. */
export function showText(element, text) {
  element.replaceChildren(...linkParts(text).map(({ text: words, href }) => {
    if (!href) return document.createTextNode(words);
    const link = document.createElement('a');
    Object.assign(link, { href, textContent: words, target: '_blank', rel: 'noopener noreferrer' });
    return link;
  }));
}

function trimmed(address) {
  let end = address.replace(/[.,;:!?]+$/, '');
  while (end.endsWith(')') && count(end, ')') > count(end, '(')) end = end.slice(0, -1).replace(/[.,;:!?]+$/, '');
  return end;
}

function count(text, sign) {
  return text.split(sign).length - 1;
}
