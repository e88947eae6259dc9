/**
 * `<home-live data-page="⟨path⟩" data-refresh-on="…">` around a part of a page: keeps it up to date. The named events only say
 * that something has changed; the page is read again, so that no change is missed or out of order.
 */
import { confirmDialog } from '../components/dialog.js';
import { showTimes } from '../components/time.js';
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { fetchJSON, fetchPage } from '../lib/http.js';
import { merge } from '../lib/merge.js';
import { connection } from '../lib/socket.js';
import { coalesce } from '../lib/timing.js';

export default class Live extends Element {
  #refresh = coalesce(() => this.#read());
  #stop = [];

  connected() {
    showTimes(this);
    const channel = connection().channel('/');
    const events = new Set(this.dataset.refreshOn.split(' '));
    connection().watch((state) => state === 'sessionEnded' && location.reload(), this.signal);
    this.#stop = [
      channel.onAny((name) => events.has(name) && this.#refresh()),
      // Also the first time: the page is older than its connection.
      channel.onConnect(() => this.#refresh()),
    ];
  }

  disconnected() {
    for (const stop of this.#stop) stop();
  }

  /** Sends a button, after a confirmation if the button has one. A button that is pressed or not shows at once that it changes. */
  async send(event, form) {
    event.preventDefault();
    const { submitter } = event;
    if (submitter.getAttribute('aria-busy') === 'true') return;
    if (submitter.dataset.confirm && !await isConfirmed(submitter.dataset)) return;
    submitter.setAttribute('aria-busy', 'true');
    const pressed = submitter.getAttribute('aria-pressed');
    if (pressed) submitter.setAttribute('aria-pressed', String(pressed === 'false'));
    try {
      await fetchJSON(submitter.getAttribute('formaction') ?? form.getAttribute('action'), { body: new URLSearchParams(new FormData(form, submitter)) });
      await this.#refresh();
    } catch (error) {
      if (pressed) submitter.setAttribute('aria-pressed', pressed);
      toast(error.message, { kind: 'danger' });
    }
    submitter.removeAttribute('aria-busy');
  }

  async #read() {
    let page;
    try {
      page = await fetchPage(this.dataset.page);
    } catch {
      return; // the next connect reads again
    }
    if (!this.isConnected) return; // its panel was filled again meanwhile
    const fresh = page.getElementById(this.id);
    if (!fresh) return location.reload(); // signed out, or another version
    document.adoptNode(fresh);
    showTimes(fresh);
    const place = focusPlace(this);
    for (const part of [...fresh.children]) merge(document.getElementById(part.id), part);
    place?.();
  }
}

function isConfirmed({ confirm, confirmText, confirmMain }) {
  return confirmDialog({ title: confirm, text: confirmText, main: confirmMain, danger: true });
}

// When the focused element is replaced or removed, the focus moves to the same button of its entry, which may be in another
// list now; to the next entry; or to its part of the page.
function focusPlace(root) {
  const focused = document.activeElement;
  if (!root.contains(focused)) return null;
  const entry = focused.closest('li');
  const place = entry && { id: entry.id, control: controlsOf(entry).indexOf(focused), list: entry.parentElement.id, index: [...entry.parentElement.children].indexOf(entry) };
  const part = focused.closest('.homePart')?.id;
  return () => {
    if (focused.isConnected && document.activeElement === focused) return;
    const next = (place && nearTo(place)) ?? document.querySelector(`#${part} .homeHead a`) ?? root.closest('[popover]') ?? document.getElementById('content');
    next.focus({ preventScroll: true });
  };
}

function nearTo({ id, control, list, index }) {
  const same = document.getElementById(id);
  if (same) return controlsOf(same)[control] ?? controlsOf(same)[0];
  const entries = [...document.getElementById(list)?.children ?? []];
  return entries.slice(Math.min(index, entries.length - 1)).flatMap((item) => [...item.querySelectorAll('button'), ...controlsOf(item)])[0];
}

function controlsOf(entry) {
  return [...entry.querySelectorAll('a, button')];
}
