/** The one script of every page: wakes the custom elements it finds. */
import { files } from 'elements:files';
import { wakeElements } from './lib/element.js';
import { localTimes } from './components/time.js';

wakeElements(document, files);
localTimes(document);
