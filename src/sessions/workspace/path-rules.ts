import { relative } from 'node:path';

/** Characters that some file systems ignore in names. */
const IGNORED = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/gu;

/** Returns true for a name that a file system can take for `.git`. */
export function isGitName(name: string): boolean {
  return name.replaceAll(IGNORED, '').toLowerCase() === '.git';
}

/** Returns true if an absolute path is a folder or lies in it. Both have no links and no `..`. */
export function isWithin(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside !== '..' && !inside.startsWith('../');
}
