/** Loaded before front-end tests: gives one script another text. See docs/testing.md. */
import { readFileSync } from 'node:fs';
import { register } from 'node:module';
import { pathToFileURL } from 'node:url';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) register(import.meta.url);

const replaced = pathToFileURL(process.env.TASKSTACK_FAULT_FILE).href;

/** A hook of node's loader. */
export function load(url, context, next) {
  if (url !== replaced) return next(url, context);
  return { format: 'module', shortCircuit: true, source: readFileSync(process.env.TASKSTACK_FAULT_TEXT, 'utf8') };
}
