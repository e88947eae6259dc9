/** The sections that modules put into the dialogs of lists, cards and the project by templates. */

/**
 * Shows an item in the sections of its dialog: the elements with `data-section`, whose method `show(item)` is called when the
 * dialog opens and when the item has changed. A section with texts to restore dispatches an event with `{name, desc}`, and its
 * markup passes it to the dialog: `data-action="revision-chosen:putBack"`.
 *
 * ```html
 * <votes-list class="windowPart" data-section data-kind="card">…</votes-list>
 * ```
 *
 * @param {HTMLElement} dialog the element of the dialog; all elements in it are upgraded
 */
export function showSections(dialog, item) {
  for (const section of dialog.querySelectorAll('[data-section]')) section.show(item);
}
