/** How a message that is a file looks: a picture, or a row with its name and size. */
import { kindOfFile } from '../files/kinds.js';
import { ownAddress, sizeText } from '../files/rules.js';
import { el, icon } from '../lib/dom.js';
import { locale, t } from '../lib/i18n.js';

const PREVIEW_WIDTH = 272; // px; the server's are twice as wide

/**
 * The bubble of a message that is a file.
 *
 * @param {{file: {name: string, url: string, size: number, width?: number, height?: number}}} message
 * @param {(message: object) => void} view opens it in the viewer
 */
export function fileRow(message, view) {
  const { file } = message;
  const kind = kindOfFile(file.name, file.url);
  const link = (attributes, ...content) => el('a', { href: ownAddress(file.url), target: '_blank', rel: 'noopener', onclick: (event) => open(event, kind, () => view(message)), ...attributes }, ...content);
  const row = () => el('div', { class: 'messageBubble' }, link({ class: 'messageFile' }, icon('file'), el('span', { class: 'messageFileName', dir: 'auto' }, file.name),
    el('small', { class: 'muted' }, sizeText(file.size, locale()))));
  if (kind !== 'picture') return row();
  const bubble = el('div', { class: 'messageBubble messageBubble-picture' });
  const picture = el('img', { src: `${ownAddress(file.url)}?preview=1`, alt: t('chats.js.file', { Name: file.name }), ...previewSize(file), onerror: () => bubble.replaceWith(row()) });
  bubble.append(link({ class: 'messagePicture' }, picture));
  return bubble;
}

/** A file that is being sent, or was refused. */
export function filePending(upload, first, { retry, cancel }) {
  const { key, file, problem } = upload;
  const cancelText = t('chats.js.cancelFile', { Name: file.name });
  return el('li', { class: `message message-own message-pending${problem ? ' message-failed' : ''}${first ? ' message-first' : ''}`, 'data-key': key },
    el('div', { class: 'messageBody' },
      el('div', { class: 'messageBubble messageFile' }, icon('file'), el('span', { class: 'messageFileName', dir: 'auto' }, file.name),
        el('small', { class: 'muted' }, sizeText(file.size, locale())),
        !problem && el('progress', { max: 1, value: 0, 'aria-label': t('chats.js.sendingFile', { Name: file.name }) })),
      el('span', { class: 'messageTools' }, el('button', { class: 'btn btn-quiet btn-icon messageMenu messageCancel', type: 'button', 'aria-label': cancelText, title: cancelText, onclick: () => cancel(key) }, icon('close'))),
      problem && el('button', { class: 'messageRetry', type: 'button', onclick: () => retry(key) }, icon('warning'), el('span', {}, t('chats.js.retry', { Reason: problem })))));
}

// Pictures higher than three quarters of their width show their middle, so that the page keeps its place while they load.
function previewSize({ width, height }) {
  if (!width || !height) return {};
  const shown = Math.min(width, PREVIEW_WIDTH);
  return { width: shown, height: Math.max(Math.round(shown * Math.min(height / width, 0.75)), 1) };
}

// Another tab, by a key or the middle button, shows or downloads the file by itself.
function open(event, kind, view) {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !kind) return;
  event.preventDefault();
  view();
}
