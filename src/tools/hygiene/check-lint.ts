import type { DiffFile } from './diff/read-diff.ts';
import { NO_FINDINGS, type HygieneFinding, type HygieneCheck } from './hygiene-check.ts';

const MAX_BYTES = 1024 * 1024;

const MARKER = /^(?:<{7}|>{7}|\|{7}|={7})(?:\s|$)/;

/** Creates the check for conflict markers, binary files, and files to which very much is added. */
export function createLintCheck(): HygieneCheck {
  // A patch of several commits may add to a file more than once.
  const bytesOf = new Map<string, number>();
  let conflict: DiffFile | undefined;

  function add(path: string, bytes: number): boolean {
    const before = bytesOf.get(path) ?? 0;
    bytesOf.set(path, before + bytes);
    return before <= MAX_BYTES && before + bytes > MAX_BYTES;
  }

  /** Returns true for a marker. A line of equals signs is one only within a conflict, and a heading elsewhere. */
  function isConflict(file: DiffFile, text: string): boolean {
    if (!MARKER.test(text) || (text.startsWith('=') && conflict !== file)) return false;
    conflict = text.startsWith('>') ? undefined : file;
    return true;
  }

  return (part) => {
    const { file } = part;
    if (part.kind === 'end') {
      if (!file.isBinary || file.isRemoved) return NO_FINDINGS;
      return add(file.path, file.binaryBytes) ? [BINARY, LARGE] : [BINARY];
    }
    const isLarge = add(file.path, Buffer.byteLength(part.text) + (part.isUnterminated ? 0 : 1));
    const found = isConflict(file, part.text) ? [{ ...CONFLICT, line: part.line }] : NO_FINDINGS;
    return isLarge ? [...found, LARGE] : found;
  };
}

const BINARY: HygieneFinding = {
  rule: 'binary-file',
  severity: 'warn',
  message: 'A binary file is added or changed.',
};

const CONFLICT: HygieneFinding = {
  rule: 'conflict-marker',
  severity: 'error',
  message: 'A conflict marker is left.',
};

const LARGE: HygieneFinding = {
  rule: 'file-size',
  severity: 'warn',
  message: 'More than 1 MiB is added to this file.',
};
