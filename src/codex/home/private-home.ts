import { access, mkdir, mkdtemp, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { stringify } from 'smol-toml';
import { messageOf, StartupError } from '../../base/errors.ts';
import { isAlive } from '../../base/is-alive.ts';

/** A CODEX_HOME of the child's own, so that nothing of the user's set-up but the login reaches a turn. */
export interface PrivateHome {
  readonly path: string;
  /** An empty folder for threads to stand in. */
  readonly workingDirectory: string;
  /** Resolves to true if someone has removed it, or a part without which no app-server starts. */
  isGone(): Promise<boolean>;
  remove(): Promise<void>;
}

export interface PrivateHomeOptions {
  readonly stateDirectory: string;
  /** The user's CODEX_HOME, whose `auth.json` is linked; undefined where no login is needed. */
  readonly userHome: string | undefined;
  /** Where it is left out, Codex has its own. */
  readonly catalog?: object | undefined;
  /** Makes the `config.toml` once the paths are known. */
  config(home: HomePaths): object;
}

/** Paths that a `config.toml` names. */
export interface HomePaths {
  readonly path: string;
  /** Of the models' catalog; undefined if Codex has its own. */
  readonly catalogPath: string | undefined;
}

/** Folders are named by machine and process, so that those of dead processes are known, also in a shared folder. */
const PREFIX = `${hostname()}@`;

/** Makes the state folder too if it is not there. Rejects with a `StartupError`. */
export async function createPrivateHome(options: PrivateHomeOptions): Promise<PrivateHome> {
  try {
    return await makeHome(options);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const message = `Codex's home in the state folder cannot be made (${code ?? messageOf(error)}).`;
    throw new StartupError(message, { cause: error });
  }
}

async function makeHome(options: PrivateHomeOptions): Promise<PrivateHome> {
  const { stateDirectory, userHome, catalog, config } = options;
  const homes = join(stateDirectory, 'homes');
  await mkdir(homes, { recursive: true, mode: 0o700 });
  await removeDeadHomes(homes);
  // Codex refuses a home that is reached through a symbolic link.
  const path = await realpath(await mkdtemp(join(homes, `${PREFIX}${process.pid}@`)));
  own.add(basename(path));
  const workingDirectory = join(path, 'cwd');
  await mkdir(workingDirectory, { mode: 0o700 });
  const catalogPath = catalog && join(path, 'models.json');
  if (catalogPath !== undefined) await writePrivately(catalogPath, JSON.stringify(catalog));
  const configPath = join(path, 'config.toml');
  await writePrivately(configPath, stringify(config({ path, catalogPath })));
  // A copy or a hard link would break Codex's token refresh; a link may dangle until the user signs in.
  if (userHome !== undefined) await symlink(loginFile(userHome), join(path, 'auth.json'));
  return {
    path,
    workingDirectory,
    async isGone() {
      const needed = [workingDirectory, configPath, ...(catalogPath === undefined ? [] : [catalogPath])];
      return !(await Promise.all(needed.map(isThere))).every(Boolean);
    },
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Where a Codex keeps its login, unless that is in the keyring of the operating system. */
export function loginFile(codexHome: string): string {
  return join(codexHome, 'auth.json');
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}

async function writePrivately(path: string, content: string): Promise<void> {
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
}

/** Homes that this process has made: another one with its pid is of an earlier life, as in a container. */
const own = new Set<string>();

async function removeDeadHomes(homes: string): Promise<void> {
  for (const name of await readdir(homes)) {
    if (!name.startsWith(PREFIX)) continue;
    const pid = Number(name.slice(PREFIX.length).split('@')[0]);
    const inUse = pid === process.pid ? own.has(name) : isAlive(pid);
    if (!inUse) await rm(join(homes, name), { recursive: true, force: true });
  }
}
