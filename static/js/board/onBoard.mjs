/**
 * Runs the onBoard.js of every module, as the bundle's module `#onBoard` does. Tests and other programs on Node import this
 * file; package.json gives it the same name.
 */
import { existsSync, readdirSync } from 'node:fs';
import { extensions } from './extensions.js';

const scripts = new URL('..', import.meta.url);

for (const module of readdirSync(scripts).sort()) {
  const file = new URL(`${module}/onBoard.js`, scripts);
  if (existsSync(file)) extensions.register(module, (await import(file)).default);
}
