/**
 * Which key a keyboard event is about. Every key handler asks here, never the event itself: while an input method
 * composes a word (Japanese, Chinese, Korean), its keys are not ours. Safari dispatches the key that ends a composition
 * after `compositionend`; it is known by the key code 229. Autofill dispatches "keydown" events that have no key at all.
 */

const KEY_CODE_OF_INPUT_METHOD = 229;

/** Whether an input method takes the key. */
export function isComposing(event) {
  return event.isComposing === true || event.keyCode === KEY_CODE_OF_INPUT_METHOD;
}

/** The key's value as in `KeyboardEvent.key`; "" for a key that is not ours. */
export function keyOf(event) {
  return isComposing(event) ? '' : event.key ?? '';
}

/** The key's place on the keyboard as in `KeyboardEvent.code`; "" for a key that is not ours. */
export function codeOf(event) {
  return isComposing(event) ? '' : event.code ?? '';
}

/** Whether Ctrl, Cmd or Alt is held: the key is then a command, not a character. */
export function isCommand({ ctrlKey, metaKey, altKey }) {
  return ctrlKey || metaKey || altKey;
}
