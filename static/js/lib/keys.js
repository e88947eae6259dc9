/**
 * The key of a keyboard event. Every key handler uses these functions, never the event itself: while an input method
 * composes a word (Japanese, Chinese, Korean), it consumes the keys. Safari dispatches the key that ends a composition
 * after `compositionend`; it has the key code 229. Autofill dispatches "keydown" events without a key.
 */

const KEY_CODE_OF_INPUT_METHOD = 229;

/** Whether an input method consumes the key. */
export function isComposing(event) {
  return event.isComposing === true || event.keyCode === KEY_CODE_OF_INPUT_METHOD;
}

/** The key's value as in `KeyboardEvent.key`; "" for a key of an input method. */
export function keyOf(event) {
  return isComposing(event) ? '' : event.key ?? '';
}

/** The key's place on the keyboard as in `KeyboardEvent.code`; "" for a key of an input method. */
export function codeOf(event) {
  return isComposing(event) ? '' : event.code ?? '';
}

/** Whether Ctrl, Cmd or Alt is held: the key is then a command, not a character. */
export function isCommand({ ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey;
}

/** Whether keys pressed on `target` are text. */
export function isTyping(target) {
  return target.matches?.('input, textarea, select, [contenteditable="true"]');
}
