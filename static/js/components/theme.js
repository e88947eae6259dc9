/** `<ui-theme>`: light, dark, or as the system has it. The choice is a cookie, so the server renders the page with it. */
import { colourBrowser } from '../lib/browserColour.js';
import { removeCookie, setCookie } from '../lib/cookies.js';
import { Element } from '../lib/element.js';

export default class extends Element {
  connected() {
    this.#mark(document.documentElement.dataset.theme ?? '');
  }

  choose(event, button) {
    const theme = button.value;
    if (theme) {
      document.documentElement.dataset.theme = theme;
      setCookie('theme', theme);
    } else {
      delete document.documentElement.dataset.theme;
      removeCookie('theme');
    }
    this.#mark(theme);
    colourBrowser();
  }

  #mark(theme) {
    for (const button of this.targets('choice')) button.setAttribute('aria-checked', String(button.value === theme));
  }
}
