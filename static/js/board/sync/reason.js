/** The messages for refused operations. */
import { t } from '../../lib/i18n.js';

const TEXTS = {
  broken: 'projects.js.reason.broken', expired: 'projects.js.reason.expired', full: 'projects.js.reason.full', internal: 'projects.js.reason.internal',
  offline: 'projects.js.reason.offline', rateLimited: 'projects.js.reason.rateLimited', staleToken: 'projects.js.reason.staleToken',
  timeout: 'projects.js.reason.timeout', unavailable: 'projects.js.reason.unavailable',
};

/**
 * The server's message, about a field if it names one; else the message for the code.
 *
 * @param {{code?: string, message?: string, fields?: Record<string, string>}} error without a code it is a defect of the page
 */
export function reasonText({ code, message, fields }) {
  const [aboutField] = Object.values(fields ?? {});
  if (aboutField) return aboutField;
  if (code && message) return message;
  return t(TEXTS[code] ?? 'projects.js.refused');
}

/** The message for a refused upload. */
export function uploadReasonText(error, name) {
  if (error.code === 'tooLarge' && !error.fields) return t('projects.js.upload.tooLarge', { Name: name });
  if (error.code === 'forbidden' && !error.message) return t('projects.js.upload.forbidden', { Name: name });
  if (error.code === 'broken') return t('projects.js.upload.broken', { Name: name });
  return reasonText(error);
}
