/**
 * `<projects-settings>`: the settings of the project in one window of tabs, made of the panels inside (SettingsPanel). Each
 * tab has an address (`?settings=details`). Arrow keys, Home and End move among the tabs. @later
 */
import { showDialog } from '../components/dialog.js';
import { el, icon } from '../lib/dom.js';
import { keyOf } from '../lib/keys.js';
import { BoardDialog } from '../board/boardDialog.js';
import { nameDialog } from '../board/view/address.js';

const ADDRESS = 'settings';
const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export default class Settings extends BoardDialog {
  connected() {
    super.connected();
    this.target('tabs').replaceChildren(...this.#panels.map((panel) => tabFor(panel)));
  }

  async open() {
    this.show(this.#shown ?? this.#panels[0]);
  }

  /** Opens the window at a panel, or changes to it. */
  async show(panel) {
    const { name } = nameOf(panel);
    this.#choose(panel);
    nameDialog(ADDRESS, name);
    if (this.isOpen) return;
    const closed = showDialog(this.dialog);
    // A panel without a field to begin with leaves the focus on its tab.
    if (!panel.contains(document.activeElement)) this.#tabs.find((tab) => tab.tabIndex === 0).focus();
    const value = await closed;
    nameDialog(ADDRESS);
    this.#shown.closed(value);
  }

  /** A click on a tab. */
  choose(event, tab) {
    this.show(this.#panelOf(tab));
  }

  /** Keys on the tabs. */
  key(event) {
    const tabs = this.#tabs;
    const at = tabs.indexOf(event.target.closest('[role="tab"]'));
    const key = keyOf(event);
    if (at < 0 || event.ctrlKey || event.altKey || event.metaKey) return;
    const to = key === 'Home' ? 0 : key === 'End' ? tabs.length - 1 : key in STEPS ? (at + STEPS[key] + tabs.length) % tabs.length : -1;
    if (to < 0) return;
    event.preventDefault();
    event.stopPropagation();
    tabs[to].focus();
    this.show(this.#panelOf(tabs[to]));
  }

  get #panels() {
    return [...this.querySelectorAll('[data-panel]')];
  }

  get #tabs() {
    return [...this.target('tabs').children];
  }

  get #shown() {
    return this.#panels.find((panel) => !panel.hidden);
  }

  #panelOf(tab) {
    return document.getElementById(tab.getAttribute('aria-controls'));
  }

  #choose(chosen) {
    for (const panel of this.#panels) panel.hidden = panel !== chosen;
    for (const tab of this.#tabs) {
      const isChosen = this.#panelOf(tab) === chosen;
      tab.setAttribute('aria-selected', String(isChosen));
      tab.tabIndex = isChosen ? 0 : -1;
      if (isChosen) tab.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
    }
    chosen.fill();
  }
}

function nameOf({ dataset: { panel, title, icon: sign } }) {
  return { name: panel, title, sign };
}

function tabFor(panel) {
  const { name, title, sign } = nameOf(panel);
  const id = `tab-${name}`;
  panel.setAttribute('role', 'tabpanel');
  panel.setAttribute('aria-labelledby', id);
  return el('button', { class: 'settingsTab', type: 'button', role: 'tab', id, 'aria-controls': panel.id, 'data-action': 'click:choose' }, icon(sign), el('span', {}, title));
}
