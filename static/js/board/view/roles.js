/** The roles in texts of the interface. */
import { t } from '../../lib/i18n.js';

/** The name of a role. */
export function roleText(role) {
  if (role === 'owner') return t('projects.js.role.owner');
  return role === 'admin' ? t('projects.js.role.admin') : t('projects.js.role.reader');
}
