import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { StartupError } from '../../base/errors.ts';
import { shellQuote } from '../../base/format-text.ts';
import { ownCall } from '../config/own-command.ts';
import { VERSION } from '../config/version.ts';
import { runTool, type ToolOptions } from '../../service/process/run-tool.ts';
import { isLaterVersion } from './compare-versions.ts';
import { findInstallation, type Installation } from './find-installation.ts';

const NAME = 'codex-gateway';

/** Milliseconds for npm to download and install, Codex's binary among it. */
const INSTALL_TIMEOUT_MS = 900_000;

export interface UpdateFacts {
  readonly installation: Installation;
  readonly current: string;
  /** The newest version, if it could be found. */
  readonly newest: string | undefined;
  /** True if there is a later version, or the same one with further changes. */
  readonly isBehind: boolean;
  /** Commands that a person can run for the update. */
  readonly commands: readonly string[];
  /** Says why the newest version is not known. */
  readonly problem: string | undefined;
}

/** Finds the newest version, where the installed one came from. */
export async function findUpdate(options: ToolOptions, script = ownCall()[1]): Promise<UpdateFacts> {
  const installation = await findInstallation(script, options);
  switch (installation.kind) {
    case 'clone':
      return await inspectClone(installation, options);
    case 'global':
    case 'npx':
    case 'other':
      return await inspectPackage(installation, options);
  }
}

const manifestSchema = z.object({ version: z.string() });

/** Looks at the branch that the clone follows. */
async function inspectClone(installation: Installation, options: ToolOptions): Promise<UpdateFacts> {
  const cwd = installation.folder;
  const git = async (...args: string[]) =>
    await runTool('git', args, {
      ...options,
      cwd,
      environment: { ...options.environment, GIT_TERMINAL_PROMPT: '0' },
    });
  const commands = [`cd ${shellQuote(cwd)}`, 'git pull', 'npm ci'];
  const facts = { installation, current: VERSION, commands };
  const fetched = await git('fetch', '--quiet');
  const behind = fetched.code === 0 ? await git('rev-list', '--count', 'HEAD..@{upstream}') : fetched;
  const manifest = behind.code === 0 ? await git('show', '@{upstream}:package.json') : behind;
  if (manifest.code !== 0) {
    return { ...facts, newest: undefined, isBehind: false, problem: manifest.problem };
  }
  const { version } = manifestSchema.parse(JSON.parse(manifest.stdout));
  const isBehind = Number(behind.stdout.trim()) > 0;
  return { ...facts, newest: isBehind ? version : VERSION, isBehind, problem: undefined };
}

const viewSchema = z.object({
  version: z.string(),
  versions: z.union([z.string().transform((only) => [only]), z.array(z.string())]),
});

/** Asks the registry that npm is set up for. */
async function inspectPackage(installation: Installation, options: ToolOptions): Promise<UpdateFacts> {
  const facts = { installation, current: VERSION, commands: packageCommands(installation) };
  const fields = ['view', NAME, 'version', 'versions', '--json'];
  const { code, stdout, problem } = await runTool('npm', fields, options);
  const view = code === 0 ? viewSchema.safeParse(parseJson(stdout)).data : undefined;
  // A package of the same name that never had this version is a different program.
  if (view === undefined || !view.versions.includes(VERSION)) {
    const why = view === undefined ? problem : `the package ${NAME} in npm's registry never had this version`;
    return { ...facts, newest: undefined, isBehind: false, problem: why, commands: CLONE_COMMANDS };
  }
  const isBehind = isLaterVersion(view.version, VERSION);
  return { ...facts, newest: isBehind ? view.version : VERSION, isBehind, problem: undefined };
}

/** Commands for a package that was packed in a clone. */
const CLONE_COMMANDS = ['git pull', 'npm ci', 'npm install --global "$(npm pack --silent)"'];

function packageCommands({ kind }: Installation): string[] {
  if (kind === 'npx') return [`npx ${NAME}@latest`];
  return [`npm install ${kind === 'global' ? '--global ' : ''}${NAME}@latest`];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Installs a version with npm in place of the present one. */
export async function installUpdate(
  { installation }: UpdateFacts,
  version: string,
  options: ToolOptions,
): Promise<void> {
  const args = ['install', '--global', `${NAME}@${version}`];
  const { code, problem } = await runTool('npm', args, { ...options, timeoutMs: INSTALL_TIMEOUT_MS });
  if (code !== 0) {
    throw new StartupError(
      `npm could not install version ${version} (${problem}); run \`npm ${args.join(' ')}\` to see the whole error.`,
    );
  }
  const manifest = await readFile(join(installation.folder, 'package.json'), 'utf8');
  const installed = manifestSchema.parse(JSON.parse(manifest)).version;
  if (installed === version) return;
  throw new StartupError(
    `npm reported no error, but the installed version is ${installed} and not ${version}.`,
  );
}
