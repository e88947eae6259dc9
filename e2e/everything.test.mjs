/** Every key and every menu entry, on a desktop, in both languages; see lib/pressing.js. */
import { leaveNoMenuOut, pressEverything } from './lib/pressing.js';

const desktop = { viewport: { width: 1280, height: 800 } };

pressEverything('desktop, en', { locale: 'en-GB', ...desktop });
pressEverything('desktop, de', { locale: 'de-DE', ...desktop });
leaveNoMenuOut({ locale: 'en-GB', ...desktop });
