import { closeSync, constants, openSync, readFileSync, realpathSync } from 'node:fs';

/** Returns the text of a document; undefined for one that has gone, is not a text, or has come to lie behind a link. */
export function readDocument(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const bytes = readFileSync(file);
    if (realpathSync(path) !== path || bytes.subarray(0, HEAD_BYTES).includes(0)) return undefined;
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  } finally {
    closeSync(file);
  }
}

/** Bytes in which a file that is not a text has a zero. */
const HEAD_BYTES = 8_192;
