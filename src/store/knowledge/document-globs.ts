import { basename, dirname, resolve } from 'node:path';

/** A glob in two parts. */
export interface DocumentGlob {
  /** The folder before the first wildcard. */
  readonly folder: string;
  /** The rest, relative to the folder. */
  readonly pattern: string;
}

/** The documents of an index. */
export interface DocumentGlobs {
  readonly included: readonly DocumentGlob[];
  /** Absolute patterns of what is left out. */
  readonly excluded: readonly string[];
  /** Files and folders that no glob reaches, whatever links lead to them. */
  readonly hidden: readonly string[];
}

export interface GlobPlaces {
  readonly configFolder: string;
  readonly home: string;
  readonly hidden?: readonly string[];
}

/**
 * Reads globs as a config file has them: relative ones begin at its folder, `~/` at the home folder, and one that begins with
 * `!` leaves documents out.
 */
export function readGlobs(
  globs: readonly string[],
  { configFolder, home, hidden = [] }: GlobPlaces,
): DocumentGlobs {
  const absolute = (glob: string) =>
    resolve(
      configFolder,
      glob.replace(/^~(?=\/)/, () => home),
    );
  return {
    included: globs.filter((glob) => !glob.startsWith('!')).map((glob) => split(absolute(glob))),
    excluded: globs.filter((glob) => glob.startsWith('!')).map((glob) => absolute(glob.slice(1))),
    hidden,
  };
}

function split(glob: string): DocumentGlob {
  const parts = glob.split('/');
  const first = parts.findIndex((part) => /[*?[\]{}()!|\\]/.test(part));
  if (first === -1) return { folder: dirname(glob), pattern: basename(glob) };
  return { folder: parts.slice(0, first).join('/') || '/', pattern: parts.slice(first).join('/') };
}
