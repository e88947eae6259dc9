/**
 * `<home-live>` around the start page's three columns: keeps them as the server would render them now. An event only
 * says that something has changed; what, is read anew, so that nothing can be missed or out of order.
 */
import { confirmDialog } from '../components/dialog.js';
import { showTimes } from '../components/time.js';
import { toast } from '../components/toast.js';
import { Element } from '../lib/element.js';
import { fetchJSON, fetchPage } from '../lib/http.js';
import { lang, t } from '../lib/i18n.js';
import { merge } from '../lib/merge.js';
import { connection } from '../lib/socket.js';
import { coalesce } from '../lib/timing.js';
import { groupByDay } from './days.js';

const CHANGES = new Set([
  'receive_friendship_request', 'remove_friendship_request', 'sent_requests_changed', 'new_friend', 'friend_removed', 'update_friend_name',
  'now_collab_of_project', 'removed_as_collab_of_project', 'update_project_attributes', 'receive_msg',
]);
const MINUTE = 60_000; // ms

export default class Live extends Element {
  #refresh = coalesce(() => this.#read());
  #stop = [];

  connected() {
    this.#group(this);
    const channel = connection().channel('/');
    connection().watch((state) => state === 'sessionEnded' && location.reload(), this.signal);
    const clock = setInterval(() => this.#group(this), MINUTE);
    this.#stop = [
      channel.onAny((name) => CHANGES.has(name) && this.#refresh()),
      // Also at the first time: the page is older than its connection.
      channel.onConnect(() => this.#refresh()),
      () => clearInterval(clock),
    ];
  }

  disconnected() {
    for (const stop of this.#stop) stop();
  }

  /** A button of the start page was pressed: accept, decline, withdraw or, after a question, remove. */
  async send(event, form) {
    event.preventDefault();
    const { submitter } = event;
    if (submitter.getAttribute('aria-busy') === 'true') return;
    if (submitter.name === 'remove' && !await mayRemove(submitter.dataset.name)) return;
    submitter.setAttribute('aria-busy', 'true');
    try {
      await fetchJSON(form.action, { body: new URLSearchParams(new FormData(form, submitter)) });
      await this.#refresh();
    } catch (error) {
      toast(error.message, { kind: 'danger' });
    }
    submitter.removeAttribute('aria-busy');
  }

  async #read() {
    let page;
    try {
      page = await fetchPage('/');
    } catch {
      return; // the next connect reads again
    }
    const fresh = page.getElementById(this.id);
    if (!fresh) return location.reload(); // signed out, or another version
    document.adoptNode(fresh);
    this.#group(fresh);
    const place = focusPlace(this);
    for (const part of [...fresh.children]) merge(document.getElementById(part.id), part);
    place?.();
  }

  #group(root) {
    showTimes(root);
    const list = root.querySelector('#feedEntries');
    if (list) groupByDay(list, new Date(), lang());
  }
}

function mayRemove(Name) {
  return confirmDialog({
    title: t('home.js.removeTitle', { Name }), text: t('home.js.removeText'), main: t('home.js.removeMain'), danger: true,
  });
}

// When the focused element is exchanged or goes, the focus stays with what took its place, or its column.
function focusPlace(root) {
  const focused = document.activeElement;
  if (!root.contains(focused)) return null;
  const entry = focused.closest('li');
  const index = entry ? [...entry.parentElement.children].indexOf(entry) : 0;
  const list = entry?.parentElement.id;
  const part = focused.closest('.homePart').id;
  return () => {
    if (focused.isConnected && document.activeElement === focused) return;
    const entries = list ? document.getElementById(list)?.children : null;
    const near = entries && [...entries].slice(Math.min(index, entries.length - 1)).find((item) => item.querySelector('a, button'));
    (near?.querySelector('button, a') ?? document.querySelector(`#${part} .homeHead a`) ?? document.getElementById('content')).focus({ preventScroll: true });
  };
}
