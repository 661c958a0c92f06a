import { relative } from 'node:path';
import { isBelow } from '../../base/is-below.ts';

/** Returns a path with a `~` for the home folder. */
export function shortenPath(path: string, home: string): string {
  return isBelow(home, path) ? `~/${relative(home, path)}` : path;
}
