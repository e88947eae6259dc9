/** The rules for attachments. */

const MAX_FILE_NAME = 128;

/**
 * Sorts chosen files into valid and refused ones.
 *
 * @param {{name: string, size: number}[]} chosen
 * @param {string[]} existing names that are attached or being uploaded
 * @param {{files: number, size: number}} limits of the server: the number of files, bytes of each
 * @returns {{fine: object[], replacing: object[], refused: {file: object, why: "name" | "size" | "count"}[]}}
 */
export function sortFiles(chosen, existing, limits) {
  const names = new Set(existing);
  const result = { fine: [], replacing: [], refused: [] };
  for (const file of chosen) {
    const why = whyNot(file, limits);
    if (why) result.refused.push({ file, why });
    else if (names.has(file.name)) result.replacing.push(file);
    else if (names.size >= limits.files) result.refused.push({ file, why: 'count' });
    else {
      names.add(file.name);
      result.fine.push(file);
    }
  }
  return result;
}

/**
 * The files of a paste that are to be attached. Text copied from a spreadsheet or a word processor comes with a picture of
 * itself, which is ignored. Pictures from the clipboard all have the same name: each gets a unique one.
 *
 * @param {{types: string[], files: File[]}} clipboard
 * @param {string[]} existing names that are attached or being uploaded
 */
export function pastedFiles({ types, files }, existing) {
  if ([...types].includes('text/plain')) return [];
  const taken = new Set(existing);
  return [...files].map((file) => {
    const name = freeName(file.name, taken);
    taken.add(name);
    return name === file.name ? file : new File([file], name, { type: file.type });
  });
}

// "image.png", "image-2.png", "image-3.png"
function freeName(name, taken) {
  const dot = name.lastIndexOf('.');
  const [stem, end] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${stem}-${number}${end}`;
    if (!taken.has(candidate)) return candidate;
  }
}

/** Whether browsers show the file as a picture. */
export function isPicture(name) {
  return /\.(?:png|jpe?g|jfif|gif|webp|avif)$/i.test(name);
}

/** Whether a file can be the cover of its card: a picture whose size the server knows, or can find out. */
export function isMeasured(name, pictures) {
  return pictures[name]?.width > 0 || /\.(?:png|jpe?g|webp)$/i.test(name);
}

/**
 * The URL to load a file from. The contract's URLs are absolute; those of this server use the host of this page, which may
 * differ from the configured one.
 */
export function ownAddress(address) {
  const { pathname } = new URL(address, 'http://host.invalid');
  return pathname.startsWith('/files/') ? pathname : address;
}

/** A file size as text. */
export function sizeText(bytes, language) {
  const [unit, length] = [['gigabyte', 1e9], ['megabyte', 1e6], ['kilobyte', 1e3], ['byte', 1]].find(([, least]) => bytes >= least) ?? ['byte', 1];
  const amount = bytes / length;
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: amount < 10 ? 1 : 0 }).format(amount);
}

function whyNot({ name, size }, limits) {
  if (size > limits.size) return 'size';
  const bare = [...name].every((sign) => sign.codePointAt(0) > 31 && sign.codePointAt(0) !== 127);
  return bare && name.length > 0 && [...name].length <= MAX_FILE_NAME ? null : 'name';
}
