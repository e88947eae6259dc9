/** The one script of every page: wakes the custom elements it finds. */
import { files } from 'elements:files';
import { wakeElements } from './lib/element.js';
import { keepFocus } from './lib/focus.js';
import { refuseStrayFiles } from './lib/strayFiles.js';
import { localTimes } from './components/time.js';

wakeElements(document, files);
localTimes(document);
keepFocus(document);
refuseStrayFiles(document);
