/** What is wrong with the name of a list or a card, in words; the server has the same rule. */
import { t } from '../lib/i18n.js';
import { isVisible, lengthOf } from '../lib/text.js';

const MAX_NAME = 64;

/** The words, "" for a name that is fine. */
export function nameProblem(name) {
  if (!isVisible(name)) return t('projects.js.name.invisible');
  const over = lengthOf(name) - MAX_NAME;
  return over > 0 ? t('projects.js.name.tooLong', { Count: over }) : '';
}
