/** The texts of the page's language. The script `/texts-⟨language⟩.js`, which comes before all others, brings them. */

/** Texts of one language. */
export class Lexicon {
  #texts;
  #plurals;

  /**
   * @param {string} lang
   * @param {Record<string, string | {one: string, other: string}>} texts
   */
  constructor(lang, texts) {
    this.lang = lang;
    this.#texts = texts;
    this.#plurals = new Intl.PluralRules(lang);
  }

  /**
   * The text of a key. `{{.Name}}` is replaced by `params.Name` (or `params.name`); a text with plural forms needs
   * `params.Count`. An unknown key is returned as it is.
   */
  t(key, params = {}) {
    let text = this.#texts[key];
    if (text === undefined) return key;
    if (typeof text === 'object') text = text[this.#plurals.select(Number(value(params, 'Count')))] ?? text.other;
    return text.replace(/\{\{\s*\.(\w+)\s*\}\}/g, (_, name) => String(value(params, name) ?? ''));
  }
}

function value(params, name) {
  return params[name] ?? params[name[0].toLowerCase() + name.slice(1)];
}

let pageLexicon = null;

function lexicon() {
  pageLexicon ??= new Lexicon(lang(), globalThis.taskstackTexts ?? {});
  return pageLexicon;
}

/** The page's language, "en" or "de". */
export function lang() {
  return document.documentElement.lang || 'en';
}

/**
 * The locale for dates and numbers: the page's language as the viewer's region writes it ("en-GB", "de-AT"), as far as
 * the browser knows one.
 */
export function locale(language = lang(), preferred = navigator.languages ?? []) {
  return preferred.find((tag) => tag.split('-')[0] === language) ?? language;
}

/** The text of a key in the page's language; see Lexicon. */
export function t(key, params) {
  return lexicon().t(key, params);
}
