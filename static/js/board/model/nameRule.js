/** What is wrong with the name of a list or a card, in words; the server has the same rules. */
import { t } from '../../lib/i18n.js';
import { isVisible, lengthOf } from '../../lib/text.js';

export const MAX_LIST_NAME = 64;
export const MAX_CARD_TITLE = 256;

/** The words, "" for a name that is fine. */
export function nameProblem(name, most = MAX_LIST_NAME) {
  if (!isVisible(name)) return t('ui.js.name.invisible');
  const over = lengthOf(name) - most;
  return over > 0 ? t('ui.js.name.tooLong', { Count: over }) : '';
}
