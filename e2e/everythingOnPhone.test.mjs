/** Every key and every menu entry, on a phone, in both languages; see lib/pressing.js. */
import { pressEverything } from './lib/pressing.js';

const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

pressEverything('phone, en', { locale: 'en-GB', ...phone });
pressEverything('phone, de', { locale: 'de-DE', ...phone });
