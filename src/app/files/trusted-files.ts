import { lstat, readlink, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, parse, resolve, sep } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { shellQuote } from '../../base/format-text.ts';

/** The files that decide what a gateway does and who may use it. */
export interface TrustedFiles {
  readonly configPath: string;
  readonly stateDirectory: string;
}

const WRITABLE_BY_OTHERS = 0o022;
const READABLE_BY_OTHERS = 0o044;

/** In a folder with this bit, such as /tmp, nobody can replace the file of another. */
const STICKY = 0o1000;

/** The user who can change everything anyway. */
const ROOT = 0;

/**
 * Refuses a config file or a state folder that other users of this machine can change, or that belongs to one of them, and a
 * folder in which they can replace the config file. Missing ones are made by the gateway, for its user alone.
 */
export async function checkTrustedFiles({ configPath, stateDirectory }: TrustedFiles): Promise<void> {
  await checkStateFolders(stateDirectory);
  await refuseForeign('folder of the config file', dirname(configPath), { mayBeSticky: true });
  await refuseForeign('config file', configPath);
}

/** Refuses a state folder, or a folder of tokens in it, in which others could put files of their own. */
export async function checkStateFolders(stateDirectory: string): Promise<void> {
  await refuseForeign('state folder', stateDirectory);
  await refuseForeign('folder of tokens', join(stateDirectory, 'tokens'));
}

async function refuseForeign(what: string, path: string, { mayBeSticky = false } = {}): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return;
  const { uid, mode } = found;
  if (isForeign(uid)) {
    throw new StartupError(
      `The ${what} ${path} belongs to another user (id ${uid}), who could take over the gateway; make it yours with \`chown\`, or use another.`,
    );
  }
  const isKept = mayBeSticky && (mode & STICKY) !== 0;
  if ((mode & WRITABLE_BY_OTHERS) !== 0 && !isKept) {
    throw new StartupError(
      `Others on this machine can change the ${what} ${path}; run \`chmod go-w ${shellQuote(path)}\`.`,
    );
  }
}

/** Returns true if another user can change what a file holds. */
export function isChangeableByOthers({
  uid,
  mode,
}: {
  readonly uid: number;
  readonly mode: number;
}): boolean {
  return isForeign(uid) || (mode & WRITABLE_BY_OTHERS) !== 0;
}

/** Maximum number of links that lead to a file, as with Linux. */
const MAX_LINKS = 40;

/**
 * Returns the folder or link by which another user can put a file of their own in the place of one: on the way from the root to
 * the file, and to whatever the links on that way lead to. Undefined if there is none.
 */
export async function findReplaceablePart(path: string): Promise<string | undefined> {
  const { root } = parse(path);
  let names = resolve(path).slice(root.length).split(sep);
  let at = root;
  let links = 0;
  while (names.length > 0) {
    const folder = await stat(at);
    const isShared = (folder.mode & WRITABLE_BY_OTHERS) !== 0 && (folder.mode & STICKY) === 0;
    if (isForeign(folder.uid) || isShared) return at;
    // A name such as '..' in a link counts from where the names before it have led.
    const next = resolve(at, names[0]!);
    names = names.slice(1);
    const found = await lstat(next);
    if (!found.isSymbolicLink()) {
      at = next;
      continue;
    }
    // Its owner can let it lead elsewhere, also where others cannot.
    if (isForeign(found.uid) || ++links > MAX_LINKS) return next;
    const target = await readlink(next);
    if (isAbsolute(target)) at = root;
    names = [...target.split(sep).filter((name) => name !== ''), ...names];
  }
  return undefined;
}

function isForeign(uid: number): boolean {
  const own = process.getuid?.();
  return own !== undefined && uid !== own && uid !== ROOT;
}

/** Returns true if others on this machine can read a file or list a folder. */
export async function isReadableByOthers(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined && (found.mode & READABLE_BY_OTHERS) !== 0;
}
