/**
 * Descriptions: a small subset of Markdown, parsed into a tree that components/richText.js turns into nodes. Text without
 * markup stays as it was typed: line breaks, blank lines and indentation are kept (docs/decisions/0028-markdown.md).
 *
 * A node is `{type, children}`. Types of blocks: "paragraph", "gap" (a further blank line), "heading" (`level`), "quote",
 * "list" (`ordered`, `start`, `delimiter`), "item" (`task`: `{checked, line}` or undefined), "code" (`text`), "rule". Types of
 * what is in a line: "text" (`text`), "strong", "em", "strike", "codeText" (`text`), "link" (`href`, `title`).
 */
import MarkdownIt from 'markdown-it';

const MAX_NESTING = 40; // deeper blocks are not parsed
const LINK = /^(?:https?:\/\/|mailto:)/i;
const TASK = /^\[([ xX])\](?=[ \t]|$)[ \t]?/;
const LINE_BREAK = /\r\n?|\n/;

const parser = makeParser();

function makeParser() {
  const made = new MarkdownIt('zero', { linkify: true, maxNesting: MAX_NESTING }).enable([
    'blockquote', 'fence', 'heading', 'hr', 'list', 'autolink', 'backticks', 'emphasis', 'escape', 'link', 'linkify', 'newline', 'strikethrough',
  ]);
  made.inline.ruler.at('newline', lineBreak);
  made.inline.ruler.at('escape', escaped);
  made.linkify.set({ fuzzyLink: false, fuzzyEmail: true, fuzzyIP: false }).add('//', null).add('ftp:', null);
  made.validateLink = (href) => LINK.test(href);
  made.normalizeLinkText = (text) => text; // as it was typed
  return made;
}

// Unlike Markdown, a line break is one, and the spaces around it stay.
function lineBreak(state, silent) {
  if (state.src[state.pos] !== '\n') return false;
  if (!silent) state.push('hardbreak', 'br', 0);
  state.pos += 1;
  return true;
}

// A backslash before a sign of this subset. Two of them stay: they are the beginning of a path.
function escaped(state, silent) {
  const sign = state.src[state.pos + 1];
  if (state.src[state.pos] !== '\\' || !sign || !'*_~`[]()#>+-.!|'.includes(sign)) return false;
  if (!silent) Object.assign(state.push('text_special', '', 0), { content: sign, markup: `\\${sign}`, info: 'escape' });
  state.pos += 2;
  return true;
}

/**
 * Parses a text.
 *
 * @returns {object[]} the blocks
 */
export function parseMarkdown(text) {
  const tokens = parser.parse(text, {});
  // What is nested deeper would be left out.
  if (tokens.some(({ level }) => level >= MAX_NESTING - 1)) return plainBlocks(text);
  return new TreeBuilder(text.split(LINE_BREAK)).build(tokens);
}

/** The blocks of a text in which nothing is markup. */
export function plainBlocks(text) {
  return text === '' ? [] : [{ type: 'paragraph', children: [{ type: 'text', text }] }];
}

/**
 * Checks or unchecks a task of a text.
 *
 * @param {string} text
 * @param {number} line of the item, from 0
 * @param {boolean} checked
 */
export function setTask(text, line, checked) {
  const parts = text.split(/(\r\n?|\n)/); // every second one is a line break
  parts[2 * line] = parts[2 * line].replace(/\[[ xX]\]/, checked ? '[x]' : '[ ]');
  return parts.join('');
}

class TreeBuilder {
  #lines;
  #path = [{ type: 'root', children: [] }];
  #end = 0; // the line after the last block

  constructor(lines) {
    this.#lines = lines;
  }

  build(tokens) {
    for (const token of tokens) this.#add(token);
    return this.#path[0].children;
  }

  #add(token) {
    if (token.level === 0 && token.map && token.nesting >= 0) this.#addGap(token.map);
    if (token.nesting < 0) this.#path.pop();
    else if (token.type === 'inline') this.#addLine(token);
    else this.#append(nodeOf(token), token.nesting > 0);
  }

  // One blank line separates blocks; further ones are kept.
  #addGap([first, end]) {
    for (let blank = first - this.#end - (this.#end > 0 ? 1 : 0); blank > 0; blank -= 1) this.#append({ type: 'gap' });
    this.#end = end;
  }

  #addLine({ children, map }) {
    const [first] = children;
    const item = this.#path.at(-2);
    const task = item?.type === 'item' && item.children.length === 1 && first?.type === 'text' && first.content.match(TASK);
    if (task) {
      item.task = { checked: task[1] !== ' ', line: map[0] };
      first.content = first.content.slice(task[0].length);
    }
    const indentation = this.#path.length === 2 && this.#path[1].type === 'paragraph' && this.#lines[map[0]].match(/^[ \t]+/);
    if (indentation) this.#append({ type: 'text', text: indentation[0] });
    for (const child of children) {
      if (child.nesting < 0) this.#path.pop();
      else if (child.type !== 'text' || child.content !== '') this.#append(nodeOf(child), child.nesting > 0);
    }
  }

  #append(node, opens = false) {
    this.#path.at(-1).children.push(node);
    if (opens) this.#path.push(node);
  }
}

const nodes = {
  paragraph_open: () => ({ type: 'paragraph', children: [] }),
  heading_open: ({ tag }) => ({ type: 'heading', level: Number(tag[1]), children: [] }),
  blockquote_open: () => ({ type: 'quote', children: [] }),
  bullet_list_open: () => ({ type: 'list', ordered: false, children: [] }),
  ordered_list_open: (token) => ({ type: 'list', ordered: true, start: Number(token.attrGet('start') ?? 1), delimiter: token.markup, children: [] }),
  list_item_open: () => ({ type: 'item', children: [] }),
  fence: ({ content }) => ({ type: 'code', text: content.replace(/\n$/, '') }),
  hr: () => ({ type: 'rule' }),
  text: ({ content }) => ({ type: 'text', text: content }),
  hardbreak: () => ({ type: 'text', text: '\n' }),
  strong_open: () => ({ type: 'strong', children: [] }),
  em_open: () => ({ type: 'em', children: [] }),
  s_open: () => ({ type: 'strike', children: [] }),
  code_inline: ({ content }) => ({ type: 'codeText', text: content }),
  link_open: (token) => ({ type: 'link', href: token.attrGet('href'), title: token.attrGet('title') ?? '', children: [] }),
};

function nodeOf(token) {
  if (!nodes[token.type]) throw new Error(`markdown: unknown token "${token.type}"`);
  return nodes[token.type](token);
}
