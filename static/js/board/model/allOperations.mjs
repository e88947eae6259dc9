/** All operations of this page and what stores them, for tests; all modules are registered. */
import '../onBoard.mjs';

export * from '../../cards/operations.js';
export * from '../../lists/operations.js';
export { deserialize, serialize } from './operations.js';
