/** `<projects-head>`: the title and visibility of the board. Updates title and address; can be hidden. */
import { showColour } from './colours.js';
import { setCookie } from '../lib/cookies.js';
import { Element } from '../lib/element.js';
import { t } from '../lib/i18n.js';
import { toggleHead } from '../board/commands.js';
import { storeOf } from '../board/store.js';

// The server renders the page by this cookie.
const COOKIE = 'board_head';

export default class Head extends Element {
  connected() {
    const store = storeOf(this);
    store.on('change', ({ view, previous }) => view.project !== previous.project && this.#show(view.project), this.signal);
    toggleHead.handle(store, () => this.toggle(), this.signal);
    this.#show(store.view.project);
  }

  /** Hides the page's header and the description, or shows them again. */
  toggle() {
    const hidden = document.body.classList.toggle('boardHeadHidden');
    setCookie(COOKIE, hidden ? 'hidden' : 'shown');
    const entry = this.querySelector('[value="toggle-head"] .menuText');
    entry.textContent = hidden ? t('projects.js.head.show') : t('projects.js.head.hide');
  }

  #show({ title, name, ownerName, desc, visibility, colour }) {
    showColour(colour);
    document.title = `${title} · Taskstack`;
    this.target('name').textContent = title;
    this.target('desc').textContent = desc;
    this.target('desc').hidden = desc === '';
    for (const mark of this.targets('visibility')) mark.hidden = mark.dataset.value !== visibility;
    const path = `/${encodeURIComponent(ownerName)}/${encodeURIComponent(name)}`;
    if (location.pathname !== path) history.replaceState(history.state, '', path + location.search);
  }
}
