import { access, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { messageOf, StartupError } from '../../base/errors.ts';
import type { Observer } from '../../base/observation.ts';
import { makeOwnHome, removeDeadHomes } from './dead-homes.ts';
import { copyDatabases } from './kept-databases.ts';
import { readLogBytes } from './quiet-log.ts';
import type { Roots } from './root-store.ts';

/** A CODEX_HOME for one child, so that of the user's own Codex only the login reaches a turn. */
export interface PrivateHome {
  readonly path: string;
  /** An empty folder, the working directory of threads. */
  readonly workingDirectory: string;
  /** Environment variables that lead a child to what is in the home. */
  readonly variables: Readonly<Record<string, string>>;
  /** True if it was made with databases, whose log is quiet. */
  readonly hasDatabases: boolean;
  /** Resolves to true if someone has removed it, or a part that an app-server needs to start. */
  isGone(): Promise<boolean>;
  remove(): Promise<void>;
}

export interface PrivateHomeOptions {
  readonly stateDirectory: string;
  /** The user's CODEX_HOME, whose `auth.json` is linked; undefined if no login is needed. */
  readonly userHome: string | undefined;
  /** The models' catalog; without it, Codex uses its own. */
  readonly catalog?: object | undefined;
  /** The root certificates that a child trusts; without them, it looks for the machine's. */
  readonly roots?: Roots | undefined;
  /** Folder with databases for the home; without it, Codex makes them. */
  readonly databases?: string | undefined;
  /** Returns the `config.toml`, as a value, once the paths are known. */
  config(home: HomePaths): object;
}

/** Paths that a `config.toml` names. */
export interface HomePaths {
  readonly path: string;
  /** Path of the models' catalog; undefined if Codex uses its own. */
  readonly catalogPath: string | undefined;
}

/** Creates a home, and the state folder if it is missing. Rejects with a `StartupError`. */
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
  const { stateDirectory, userHome, catalog, roots, databases, config } = options;
  const homes = join(stateDirectory, 'homes');
  await mkdir(homes, { recursive: true, mode: 0o700 });
  await removeDeadHomes(homes);
  const path = await makeOwnHome(homes);
  const workingDirectory = join(path, 'cwd');
  await mkdir(workingDirectory, { mode: 0o700 });
  const catalogPath = catalog && join(path, 'models.json');
  if (catalogPath !== undefined) await writePrivately(catalogPath, JSON.stringify(catalog));
  const configPath = join(path, 'config.toml');
  await writePrivately(configPath, stringify(config({ path, catalogPath })));
  // A copy or a hard link would break Codex's token refresh; a link may dangle until the user signs in.
  if (userHome !== undefined) await symlink(loginFile(userHome), join(path, 'auth.json'));
  const variables = roots ? await linkRoots(roots, path) : {};
  const hasDatabases = databases !== undefined && (await copyDatabases(databases, path));
  return {
    path,
    workingDirectory,
    variables,
    hasDatabases,
    async isGone() {
      const written = catalogPath === undefined ? [] : [catalogPath];
      const needed = [workingDirectory, configPath, ...written, ...Object.values(variables)];
      return !(await Promise.all(needed.map(exists))).every(Boolean);
    },
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}

/** Makes a folder that leads to all root certificates, and a file with one of them; resolves to the variables for them. */
async function linkRoots({ one, files }: Roots, home: string): Promise<Record<string, string>> {
  const folder = join(home, 'roots');
  await mkdir(folder, { mode: 0o700 });
  // Only names that look like hashes are read.
  const link = async (file: string, index: number) =>
    await symlink(file, join(folder, `${index.toString(16).padStart(8, '0')}.0`));
  await Promise.all(files.map(link));
  const file = join(home, 'root.pem');
  await writePrivately(file, one);
  return { SSL_CERT_FILE: file, SSL_CERT_DIR: folder };
}

/** Returns the file in which a Codex keeps its login, unless that is in the keyring of the operating system. */
export function loginFile(codexHome: string): string {
  return join(codexHome, 'auth.json');
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
  );
}

async function writePrivately(path: string, content: string): Promise<void> {
  await writeFile(path, content, { mode: 0o600, flag: 'wx' });
}

/** A private home that is made again after someone has removed it. */
export interface RestorableHome extends Pick<PrivateHome, 'isGone' | 'remove'> {
  /** Resolves to the bytes of the log database in it. */
  logBytes(): Promise<number>;
  /** Resolves to the home, or to a new one if that is gone. Only for a child that starts while no other uses the home. */
  ensure(): Promise<PrivateHome>;
}

/** Rejects with a `StartupError` when the home cannot be made. */
export async function createRestorableHome(
  options: PrivateHomeOptions,
  observer: Observer,
): Promise<RestorableHome> {
  let home = await createPrivateHome(options);
  return {
    async ensure() {
      if (await home.isGone()) {
        await home.remove();
        home = await createPrivateHome(options);
        reportLostHome(observer);
      }
      return home;
    },
    isGone: async () => await home.isGone(),
    logBytes: async () => await readLogBytes(home.path),
    remove: async () => await home.remove(),
  };
}

/** Reports that a home was removed. Running turns are not affected. */
export function reportLostHome(observer: Observer): void {
  observer.observe({ type: 'codex-home-lost' });
}
