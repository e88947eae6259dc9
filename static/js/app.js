/** The one script of every page: upgrades the custom elements it finds. */
import { files } from 'elements:files';
import { upgradeElements } from './lib/element.js';
import { keepFocus } from './lib/focus.js';
import { refuseStrayFiles } from './lib/strayFiles.js';
import { localTimes } from './components/time.js';

upgradeElements(document, files);
localTimes(document);
keepFocus(document);
refuseStrayFiles(document);
