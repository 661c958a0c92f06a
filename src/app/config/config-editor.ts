import { createHmac, randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { access, lstat, readFile, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { GatewayError, messageOf, StartupError } from '../../base/errors.ts';
import type { JsonObject } from '../../base/json.ts';
import { makePrivateFolder, writePrivateFile } from '../files/private-files.ts';
import { parseConfig, type ConfigFile } from './config-file.ts';
import { editJson, type JsonChange } from './edit-json.ts';

/** The config file as it is at the moment. */
export interface ConfigState {
  /** Changes with each change of the file, and says nothing about what it holds. */
  readonly version: string;
  readonly exists: boolean;
  /** Its content as it is written; empty if there is no file, or none that can be used. */
  readonly values: JsonObject;
  /** The same with defaults; undefined if the file cannot be used. */
  readonly config: ConfigFile | undefined;
  /** A sentence that says why it cannot be changed; undefined if it can. */
  readonly problem: string | undefined;
}

export interface ConfigEdit {
  /** Version of the file that the changes are for; any other is not overwritten. */
  readonly version: string;
  /** Returns the changes, from what the file holds. */
  changes(values: JsonObject): readonly JsonChange[];
  /** Rejects if the gateway could not start with the result. */
  check(config: ConfigFile): Promise<void>;
}

/** Reads and changes the config file; of several changes each comes after the one before. */
export interface ConfigEditor {
  read(): Promise<ConfigState>;
  /** Resolves to what the file holds then; rejects with a `GatewayError` and leaves the file as it is. */
  edit(edit: ConfigEdit): Promise<ConfigFile>;
}

export function createConfigEditor(path: string): ConfigEditor {
  // The file contains a token, which nobody should be able to guess by a digest.
  const key = randomBytes(32);
  let last: Promise<unknown> = Promise.resolve();
  const versionOf = (text: string) => createHmac('sha256', key).update(text).digest('base64url').slice(0, 22);

  async function read(): Promise<ConfigState & ReadFile> {
    const file = await readIfThere(path);
    return {
      ...file,
      version: versionOf(file.found ? file.text : ''),
      exists: file.found !== undefined,
      ...use(file, path),
    };
  }

  async function edit({ version, changes, check }: ConfigEdit): Promise<ConfigFile> {
    const state = await read();
    if (state.problem !== undefined) throw new GatewayError('config_not_writable', state.problem);
    if (state.version !== version) throw changed();
    const mark = state.text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    const text = editJson(state.text.slice(mark.length) || '{}\n', changes(state.values));
    if (text === undefined) {
      throw new GatewayError(
        'config_not_writable',
        'The config file cannot be changed here, since it has a key twice or holds something else in that place; change it by hand.',
      );
    }
    const config = parseEdited(text, path);
    await check(config);
    // The check may have taken a while, in which somebody has saved the file in an editor.
    if ((await readIfThere(path)).text !== state.text) throw changed();
    await write(state, path, `${mark}${text}`);
    return config;
  }

  return {
    read: async () => await read(),
    async edit(wanted) {
      const result = last.then(async () => await edit(wanted));
      last = result.catch(() => {});
      return await result;
    },
  };
}

const BYTE_ORDER_MARK = '\uFEFF';

interface ReadFile {
  readonly text: string;
  /** The file itself, also behind a link; undefined if there is none. */
  readonly found?: { readonly path: string; readonly stats: Stats } | undefined;
  /** A sentence that says why it cannot be changed. */
  readonly problem?: string | undefined;
}

async function readIfThere(path: string): Promise<ReadFile> {
  try {
    const target = await realpath(path);
    const stats = await stat(target);
    if (!stats.isFile()) return { text: '', problem: 'The config file is not an ordinary file.' };
    const text = await readFile(target, 'utf8');
    return { text, found: { path: target, stats }, problem: await findLock(target, stats) };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') return { text: '', problem: `The config file cannot be read (${code}).` };
    const link = await lstat(path).catch(() => undefined);
    return { text: '', ...(link && { problem: 'The config file is a link that leads nowhere.' }) };
  }
}

/** Returns why nobody should write a file; undefined if it can be written. */
async function findLock(path: string, { mode }: Stats): Promise<string | undefined> {
  // The superuser may write everything, but a file without the right to write it is not meant to change.
  const isWritable = (mode & 0o200) !== 0 && (await mayWrite(path));
  if (!isWritable) return 'The config file is read-only; make it writable to change it here.';
  if (await mayWrite(dirname(path))) return undefined;
  return 'The folder of the config file is read-only; make it writable to change the file here.';
}

async function mayWrite(path: string): Promise<boolean> {
  return await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
}

function use(
  { text, found, problem }: ReadFile,
  path: string,
): Pick<ConfigState, 'values' | 'config' | 'problem'> {
  if (found === undefined) {
    return { values: {}, config: problem === undefined ? parseConfig('{}', path) : undefined, problem };
  }
  try {
    const plain = text.replace(BYTE_ORDER_MARK, '');
    return { config: parse(plain, path), values: JSON.parse(plain) as JsonObject, problem };
  } catch (error) {
    return { values: {}, config: undefined, problem: `${messageOf(error)} Mend it by hand first.` };
  }
}

/** Parses the text as a start of the gateway does. Throws a `GatewayError` without the path of the file. */
function parse(text: string, path: string): ConfigFile {
  try {
    return parseConfig(text, path);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    throw new GatewayError('invalid_value', error.message.replace(` ${path}`, ''));
  }
}

/** Parses a text that is not in the file yet. Throws a `GatewayError` that says so. */
function parseEdited(text: string, path: string): ConfigFile {
  try {
    return parseConfig(text, path);
  } catch (error) {
    if (!(error instanceof StartupError)) throw error;
    const what = error.message.replace(`The config file ${path} is wrong: `, '');
    throw new GatewayError('invalid_value', `Nothing was written: ${what}`);
  }
}

async function write({ found }: ReadFile, path: string, text: string): Promise<void> {
  try {
    if (found) await writePrivateFile(found.path, text, true, found.stats);
    else {
      await makePrivateFolder(dirname(path));
      if (!(await writePrivateFile(path, text, false))) throw changed();
    }
  } catch (error) {
    if (error instanceof GatewayError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    throw new GatewayError(
      'config_not_writable',
      `The config file cannot be written (${code || 'its folder cannot be made'}).`,
      { cause: error },
    );
  }
}

function changed(): GatewayError {
  return new GatewayError(
    'config_changed',
    'The config file has changed since this page read it. Look at it again, and repeat the change if it is still right.',
  );
}
