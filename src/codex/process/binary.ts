import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join, resolve } from 'node:path';
import { StartupError } from '../../base/errors.ts';
import { askBinary } from './ask-binary.ts';

/** A codex executable and what it says of itself. */
export interface Binary {
  readonly path: string;
  /** Such as `0.169.0`. */
  readonly version: string;
}

/** Older ones bring tools of their own that no setting takes away. */
const OLDEST_VERSION = '0.158.0';

/** npm's platform packages and the Rust target triple their binary lies under. */
const PLATFORMS: Readonly<Record<string, string>> = {
  'linux-x64': 'x86_64-unknown-linux-musl',
  'linux-arm64': 'aarch64-unknown-linux-musl',
  'darwin-x64': 'x86_64-apple-darwin',
  'darwin-arm64': 'aarch64-apple-darwin',
};

/**
 * Finds the codex executable, a path or a name on PATH where one is given, else the one installed with the gateway, and
 * refuses one that does not start or is too old.
 */
export async function findBinary(
  asked: string | undefined,
  environment: Record<string, string>,
): Promise<Binary> {
  const path = asked === undefined ? await findBundled() : await findAsked(asked, environment.PATH ?? '');
  const version = await readVersion(path, environment);
  if (compareVersions(version, OLDEST_VERSION) < 0) {
    throw new StartupError(
      `codex ${version} is too old: it brings tools of its own that cannot be switched off. ` +
        `Install codex ${OLDEST_VERSION} or newer, or leave out --codex to use the one that comes with codex-gateway.`,
    );
  }
  return { path, version };
}

/** The native binary, not the Node script around it, which takes three times as long to start. */
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

async function findAsked(asked: string, searchPath: string): Promise<string> {
  const candidates = asked.includes('/')
    ? [resolve(asked)]
    : searchPath.split(delimiter).map((folder) => resolve(folder, asked));
  for (const candidate of candidates) {
    if (await isExecutable(candidate)) return candidate;
  }
  throw new StartupError(
    `No executable codex at '${asked}'; give --codex the path of a codex binary, or leave it out to use the one that ` +
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
  const answer = await askBinary(path, ['--version'], { environment, patience: 10_000, maxBytes: 10_000 });
  const version = /^codex\S* (\d+\.\d+\.\d+\S*)/.exec(answer ?? '')?.[1];
  if (version === undefined) {
    throw new StartupError(
      `'${path} --version' does not answer as codex does; give --codex the path of a codex binary.`,
    );
  }
  return version;
}

/** Orders by the three numbers; a pre-release counts as its release. */
function compareVersions(left: string, right: string): number {
  const [leftParts, rightParts] = [left, right].map((version) =>
    version.split(/[.-]/).slice(0, 3).map(Number),
  );
  for (const [index, part] of leftParts!.entries()) {
    const difference = part - rightParts![index]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
