import { copyFileSync, cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import manifest from './cli/package.json' with { type: 'json' };
import { createFolder } from '../support/temporary-folder.ts';

const VERSION = manifest.dependencies['@github/copilot'];

/** Folder of the lockfile, which pins the packages of each platform by their digests. */
const PINNED = fileURLToPath(new URL('cli', import.meta.url));

/** The place of the installation, which outlives a run. */
const KEPT = fileURLToPath(new URL('../../node_modules/.cache/copilot-cli', import.meta.url));

/** Maximum times for the download, of 80 MB, and for the first start, which unpacks it. */
const INSTALL_MS = 240_000;
const START_MS = 60_000;

/** The installed GitHub Copilot CLI. */
export interface CopilotCli {
  /** Path of the script that starts it. */
  readonly script: string;
  /** Folder in which it keeps what it unpacks at its first start. */
  readonly cache: string;
  /** Path of the module with which programs use it. */
  readonly sdk: string;
}

/** Installs the pinned CLI unless an earlier run has. Throws an error that says why if that is impossible. */
export async function installCopilotCli(): Promise<CopilotCli> {
  const folder = join(KEPT, VERSION);
  if (!existsSync(folder)) await install(folder);
  const script = join(folder, 'node_modules/@github/copilot/npm-loader.js');
  const cache = join(folder, 'unpacked');
  const started = await execa(process.execPath, [script, '--version'], {
    extendEnv: false,
    env: { PATH: process.env.PATH, HOME: folder, COPILOT_CACHE_HOME: cache, COPILOT_OFFLINE: 'true' },
    stdin: 'ignore',
    timeout: START_MS,
    reject: false,
  });
  if (started.failed || !started.stdout.includes(`CLI ${VERSION}.`)) {
    throw new Error(
      `The Copilot CLI in ${folder} does not start; remove that folder to install it anew. ${started.shortMessage ?? started.stdout}`,
    );
  }
  const [platform = ''] = readdirSync(join(cache, 'pkg'));
  return { script, cache, sdk: join(cache, 'pkg', platform, VERSION, 'copilot-sdk/index.js') };
}

async function install(target: string): Promise<void> {
  const folder = createFolder();
  try {
    for (const name of ['package.json', 'package-lock.json']) {
      copyFileSync(join(PINNED, name), join(folder, name));
    }
    const options = [
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--fetch-retries=1',
      '--fetch-timeout=60000',
    ];
    const { failed, timedOut, stderr } = await execa('npm', ['ci', ...options], {
      cwd: folder,
      stdin: 'ignore',
      timeout: INSTALL_MS,
      reject: false,
    });
    if (failed) {
      const reason = timedOut
        ? `npm has not finished in ${INSTALL_MS / 1_000} s.`
        : stderr.split('\n', 4).join('\n');
      throw new Error(
        `The GitHub Copilot CLI ${VERSION} cannot be installed. These tests download it from the registry of npm, which has to be reachable. ${reason}`,
      );
    }
    // The temporary folder may be on another disk. A copy that is cut off is not taken for an installation.
    const copy = `${target}.new`;
    rmSync(copy, { recursive: true, force: true });
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true });
    renameSync(copy, target);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
