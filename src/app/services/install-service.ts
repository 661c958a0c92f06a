import { mkdir, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { shellQuote } from '../../base/format-text.ts';
import { StartupError } from '../../base/errors.ts';
import type { Environment } from '../config/config.ts';
import { makePrivateFolder, writePrivateFile } from '../files/private-files.ts';
import { runTool } from '../../service/process/run-tool.ts';
import type { ServiceManager, ManagerCall } from './service-manager.ts';

export interface ServiceContext {
  readonly manager: ServiceManager;
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

/** Writes the file of the service, and has it started now and at each login. */
export async function installService({ manager, environment, signal }: ServiceContext): Promise<void> {
  const { path, content, folders, enable } = manager;
  // Other files of the user's services lie there, so that the usual mode is right.
  await mkdir(dirname(path), { recursive: true });
  // launchd reads an agent only once.
  if ((await readService(path)) !== undefined) await runAll(manager.disable, environment, signal);
  for (const folder of folders) await makePrivateFolder(folder);
  await writePrivateFile(path, content, true);
  const failed = await runAll(enable, environment, signal);
  if (failed === undefined) return;
  const commands = enable.map((words) => words.map(shellQuote).join(' ')).join(' && ');
  throw new StartupError(
    `The service is written to ${path}, but could not be started (${failed}). Where that works, run: ${commands}`,
  );
}

/** Stops the service and removes its file. Resolves to false if it is not installed. */
export async function uninstallService({ manager, environment, signal }: ServiceContext): Promise<boolean> {
  if ((await readService(manager.path)) === undefined) return false;
  const failed = await runAll(manager.disable, environment, signal);
  await rm(manager.path, { force: true });
  await runAll(manager.forget, environment, signal);
  if (failed === undefined) return true;
  throw new StartupError(
    `${manager.path} is removed, but the service could not be stopped (${failed}); stop it if it still runs.`,
  );
}

/** Returns the file of an installed service; undefined if there is none. */
export async function readService(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Runs commands one after the other up to the first that fails, and returns why that one did. */
async function runAll(
  calls: readonly ManagerCall[],
  environment: Environment,
  signal: AbortSignal,
): Promise<string | undefined> {
  for (const [program, ...args] of calls) {
    const { code, problem } = await runTool(program, args, { environment, signal });
    if (code !== 0) return problem;
  }
  return undefined;
}
