/** Which files the viewer shows, and how. */
import { isPicture, ownAddress } from './rules.js';

const KINDS = {
  pdf: /\.pdf$/i,
  text: /\.(?:txt|text|log|md|markdown|csv|tsv|json|ya?ml|toml|ini|xml|html?|css|m?js|ts|py|go|rs|java|c|h|cpp|sh|sql|diff|patch)$/i,
  audio: /\.(?:mp3|m4a|aac|og[ga]|opus|wav|flac|weba)$/i,
  video: /\.(?:mp4|m4v|webm|ogv|mov)$/i,
};

/**
 * How the viewer shows a file: "picture", "pdf", "text", "audio" or "video"; null for a file that is downloaded. A file of
 * an old bucket is on another site, from where only pictures are shown.
 */
export function kindOfFile(name, address) {
  if (isPicture(name)) return 'picture';
  if (!ownAddress(address).startsWith('/files/')) return null;
  return Object.keys(KINDS).find((kind) => KINDS[kind].test(name)) ?? null;
}
