import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { isAtLeast } from '../../base/is-at-least.ts';
import { runBinary } from './run-binary.ts';

/** A codex executable. */
export interface Binary {
  readonly path: string;
  /** As it prints it, such as `0.169.0`. */
  readonly version: string;
}

/** Returns the version of a program, and calls `read` unless it knows it already. */
export type KeepVersion = (path: string, read: () => Promise<string>) => Promise<string>;

/** Older versions bring tools of their own that no setting removes. */
const OLDEST_VERSION = '0.158.0';

/** Rust target triple under which the binary lies in each of npm's platform packages. */
const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
};

/**
 * Finds the codex executable: the requested path or name on PATH, or else the one installed with the gateway. Rejects with a
 * `StartupError` if it does not start or is too old.
 */
export async function findBinary(
  requested: string | undefined,
  environment: Record<string, string>,
  keepVersion: KeepVersion = (_, read) => read(),
): Promise<Binary> {
  const path =
    requested === undefined ? await findBundled() : await findRequested(requested, environment.PATH ?? '');
  const version = await keepVersion(path, async () => await readVersion(path, environment));
  if (!isAtLeast(version, OLDEST_VERSION)) {
    throw new StartupError(
      `codex ${version} is too old: it brings tools of its own that cannot be switched off. ` +
        `Install codex ${OLDEST_VERSION} or newer, or leave out --codex to use the one that comes with codex-gateway.`,
    );
  }
  return { path, version };
}

/** Finds the native binary, not the Node script around it, which takes three times as long to start. */
async function findBundled(): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const triple = PLATFORMS[platform];
  if (triple === undefined) {
    throw new StartupError(`There is no codex binary for ${platform}; name one with --codex PATH.`);
  }
  try {
    const wrapper = createRequire(import.meta.url).resolve('@openai/codex/package.json');
    const native = createRequire(wrapper).resolve(`@openai/codex-${platform}/package.json`);
    const path = join(dirname(native), 'vendor', triple, 'bin', 'codex');
    await access(path, constants.X_OK);
    return path;
  } catch (cause) {
    throw new StartupError(
      'The codex binary that comes with codex-gateway is not installed; ' +
        'install again without --omit=optional, or name a codex with --codex PATH.',
      { cause },
    );
  }
}

async function findRequested(requested: string, searchPath: string): Promise<string> {
  const candidates = requested.includes('/')
    ? [resolve(requested)]
    : searchPath.split(delimiter).map((folder) => resolve(folder, requested));
  for (const candidate of candidates) {
    if (await isExecutable(candidate)) return candidate;
  }
  throw new StartupError(
    `No executable codex at '${requested}'; give --codex the path of a codex binary, or leave it out to use the one that ` +
      'comes with codex-gateway.',
  );
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function readVersion(path: string, environment: Record<string, string>): Promise<string> {
  const output = await runBinary(path, ['--version'], { environment, timeoutMs: 10_000, maxBytes: 10_000 });
  const version = /^codex\S* (\d+\.\d+\.\d+\S*)/.exec(output ?? '')?.[1];
  if (version === undefined) {
    throw new StartupError(
      `'${path} --version' does not print the version of a codex; give --codex the path of a codex binary.`,
    );
  }
  return version;
}
