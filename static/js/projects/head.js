/** `<projects-head>`: what the board is called and who may see it. Title and address follow; it can be put away. */
import { setCookie } from '../lib/cookies.js';
import { Element } from '../lib/element.js';
import { storeOf } from './store.js';

// The server reads it, so that the page comes as it was left.
const COOKIE = 'board_head';

export default class Head extends Element {
  connected() {
    const store = storeOf(this);
    store.on('change', ({ view, previous }) => view.project !== previous.project && this.#show(view.project), this.signal);
    store.on('toggle-head', () => this.toggle(), this.signal);
    this.#show(store.view.project);
  }

  /** Hides the page's header and the description, or shows them again. */
  toggle() {
    const hidden = document.body.classList.toggle('boardHeadHidden');
    setCookie(COOKIE, hidden ? 'hidden' : 'shown');
    this.target('toggle').setAttribute('aria-expanded', String(!hidden));
  }

  #show({ name, ownerName, desc, visibility }) {
    document.title = document.title.replace(this.target('name').textContent, name);
    this.target('owner').textContent = ownerName;
    this.target('name').textContent = name;
    this.target('desc').textContent = desc;
    this.target('desc').hidden = desc === '';
    for (const mark of this.targets('visibility')) mark.hidden = mark.dataset.value !== visibility;
    const path = `/${encodeURIComponent(ownerName)}/${encodeURIComponent(name)}`;
    if (location.pathname !== path) history.replaceState(history.state, '', path + location.search);
  }
}
