import { realpath, stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { withTimeout } from '../../base/async/with-timeout.ts';
import { messageOf, StartupError } from '../../base/errors.ts';
import { excerpt, MAX_MESSAGE_CHARACTERS } from '../../base/excerpt.ts';
import { adoptTool } from '../../tools/modules/adopt-tool.ts';
import type { AnyTool } from '../../tools/tool.ts';
import { findConfiguredPath } from '../config/configured-path.ts';
import { findReplaceablePart, isChangeableByOthers } from '../files/trusted-files.ts';
import { watchExit } from './watch-exit.ts';
import type { ToolContext } from './tool-context.ts';

/** Milliseconds for a module to be loaded. */
const LOAD_TIMEOUT_MS = 10_000;

/** A tool that others may not have the name or path of. */
type TakenTool = Pick<AnyTool, 'name' | 'path'>;

/** Loads the tools of `tools.modules`. Rejects with a `StartupError` that names the module that cannot be used. */
export async function loadToolModules(
  { settings, configFolder, environment }: Pick<ToolContext, 'settings' | 'configFolder' | 'environment'>,
  taken: readonly TakenTool[],
): Promise<AnyTool[]> {
  const tools: AnyTool[] = [];
  for (const given of settings.modules ?? []) {
    const path = findConfiguredPath(given, configFolder, environment);
    try {
      const tool = await load(path);
      checkUnique(tool, [...taken, ...tools]);
      tools.push(tool);
    } catch (error) {
      const why = excerpt(messageOf(error).trim(), MAX_MESSAGE_CHARACTERS);
      throw new StartupError(`The module ${path} of tools.modules cannot be used: ${why}.`, { cause: error });
    }
  }
  return tools;
}

async function load(path: string): Promise<AnyTool> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) throw new Error('there is no such file');
  if (!found.isFile()) throw new Error('it is not a file');
  if (isChangeableByOthers(found)) throw new Error('others on this machine can change it');
  const part = await findReplaceablePart(path);
  if (part !== undefined) {
    throw new Error(`others on this machine can replace it, since they can change ${part}`);
  }
  const stopWatching = watchExit(
    `The process ended while the module ${path} of tools.modules was being loaded.`,
  );
  const loaded = await withTimeout(importTool(path), LOAD_TIMEOUT_MS).finally(stopWatching);
  if (loaded === 'timeout') throw new Error(`it is not loaded after ${LOAD_TIMEOUT_MS / 1_000} seconds`);
  return loaded;
}

async function importTool(path: string): Promise<AnyTool> {
  // Node follows a link within a link by its text alone, so that `way/..` would not be the parent of what `way` leads to.
  const module = (await import(/* @vite-ignore */ pathToFileURL(await realpath(path)).href)) as {
    readonly default?: unknown;
  };
  return await adoptTool(module.default);
}

function checkUnique({ name, path }: AnyTool, others: readonly TakenTool[]): void {
  // Clients of the Model Context Protocol see both signs as one.
  const plain = (text: string) => text.replaceAll(/[.-]/g, '_');
  if (others.some((other) => plain(other.name) === plain(name))) {
    throw new Error(`there is a tool ${name} already`);
  }
  if (path === '/catalog' || others.some((other) => other.path === path)) {
    throw new Error(`the path ${path} is taken`);
  }
}
