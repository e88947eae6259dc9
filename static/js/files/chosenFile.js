/** What the window of a card and a drop on a card do alike with a file that was chosen. */
import { locale, t } from '../lib/i18n.js';
import { sizeText } from './rules.js';

/** Fails for a folder or a deleted file, whose upload would look like a broken connection. */
export async function readable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch {
    throw Object.assign(new Error(''), { isUnreadable: true });
  }
}

/** Why a file is not attached, see sortFiles. */
export function refusal(name, why, limits) {
  if (why === 'size') return t('projects.js.files.tooBig', { Name: name, Max: sizeText(limits.size, locale()) });
  if (why === 'count') return t('projects.js.files.tooMany', { Name: name, Max: limits.files });
  return t('projects.js.files.badName', { Name: name });
}
