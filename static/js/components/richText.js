/**
 * Shows a description: Markdown as nodes, never as HTML (lib/markdown.js says what is understood). The parser is fetched by
 * the first text that has markup; until then, and without a network, the text is shown as it was typed.
 */
import { el, uniqueId } from '../lib/dom.js';
import { showText } from '../lib/linkedText.js';

const PROTOCOLS = new Set(['http:', 'https:', 'mailto:']);
const FIRST_LEVEL = 4; // of headings: those of a window's sections have level 3
const MARKUP = /[*_~`#>[\]<\\@]|:\/\/|^[ \t]*(?:[-+]|\d+[.)])(?:[ \t]|$)|^ {0,3}-(?:[ \t]*-){2,}/m;

let parser = null; // lib/markdown.js, once it is here
const texts = new WeakMap(); // by element: the last text

/**
 * Fills an element with a text.
 *
 * @param {HTMLElement} element
 * @param {string} text
 * @param {object} [options]
 * @param {(text: string) => void} [options.onTask] gets the text in which a task has been checked or unchecked; without it
 *   tasks cannot be changed
 * @param {(element: HTMLElement) => void} [options.filled] called whenever the element has been filled
 */
export function showRichText(element, text, { onTask, filled = () => {} } = {}) {
  texts.set(element, text);
  if (!hasMarkup(text)) showText(element, text);
  else if (parser) fill(element, text, onTask);
  else showWhenLoaded(element, text, { onTask, filled });
  filled(element);
}

/** Whether a text may have markup. */
export function hasMarkup(text) {
  return MARKUP.test(text);
}

/** Fetches the parser, so that the first text with markup is shown at once. */
export function preloadMarkdown() {
  return import('../lib/markdown.js').then((module) => { parser = module; }, () => {});
}

async function showWhenLoaded(element, text, { onTask, filled }) {
  showText(element, text);
  await preloadMarkdown();
  if (!parser || texts.get(element) !== text) return;
  fill(element, text, onTask);
  filled(element);
}

// The focus stays on the task that was changed.
function fill(element, text, onTask) {
  const tasks = () => [...element.querySelectorAll('.mdTask > input')];
  const focused = tasks().indexOf(document.activeElement);
  const draw = new Drawing(onTask && ((line, checked) => onTask(parser.setTask(text, line, checked))));
  element.replaceChildren(...draw.all(parser.parseMarkdown(text)));
  if (focused >= 0) tasks()[focused]?.focus({ preventScroll: true });
}

class Drawing {
  #onTask;
  #level = FIRST_LEVEL - 1; // of the last heading: none is skipped

  constructor(onTask) {
    this.#onTask = onTask;
  }

  all(nodes) {
    return nodes.map((node) => this[node.type](node));
  }

  paragraph({ children }) {
    return el('p', { dir: 'auto' }, ...this.all(children));
  }

  gap() {
    return el('p', { class: 'mdGap' });
  }

  heading({ level, children }) {
    this.#level = Math.min(level + FIRST_LEVEL - 1, this.#level + 1, 6);
    return el(`h${this.#level}`, { class: `mdHeading mdHeading-${Math.min(level, 3)}`, dir: 'auto' }, ...this.all(children));
  }

  quote({ children }) {
    return el('blockquote', { class: 'mdQuote' }, ...this.all(children));
  }

  list({ ordered, start, delimiter, children }) {
    const kind = delimiter === ')' ? 'mdList mdList-parenthesis' : 'mdList';
    return el(ordered ? 'ol' : 'ul', { class: kind, start: ordered && start !== 1 && start }, ...this.all(children));
  }

  item({ task, children }) {
    if (!task) return el('li', { dir: 'auto' }, ...this.all(children));
    const [first, ...rest] = this.all(children);
    first.id = uniqueId('task');
    const box = el('input', { type: 'checkbox', checked: task.checked, disabled: !this.#onTask, 'aria-labelledby': first.id, 'data-unguarded': true });
    box.addEventListener('change', () => this.#onTask(task.line, box.checked));
    return el('li', { class: 'mdTask', dir: 'auto' }, box, el('div', {}, first, ...rest));
  }

  code({ text }) {
    return el('pre', { class: 'mdCode', tabindex: 0 }, el('code', {}, text));
  }

  rule() {
    return el('hr');
  }

  text({ text }) {
    return document.createTextNode(text);
  }

  strong({ children }) {
    return el('strong', {}, ...this.all(children));
  }

  em({ children }) {
    return el('em', {}, ...this.all(children));
  }

  strike({ children }) {
    return el('s', {}, ...this.all(children));
  }

  codeText({ text }) {
    return el('code', {}, text);
  }

  link({ href, title, children }) {
    const inside = this.all(children);
    if (!URL.canParse(href) || !PROTOCOLS.has(new URL(href).protocol)) return el('span', {}, ...inside);
    return el('a', { href, title: title || false, target: '_blank', rel: 'noopener noreferrer nofollow' }, ...inside);
  }
}
