import { realpathSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shellQuote } from '../../base/format-text.ts';
import type { Environment } from './config.ts';

/** The command line with which this program can be called again. */
export interface OwnCommand {
  /** The command as its user called it. */
  readonly usual: string;
  /** The same for clients, which must not learn paths of this machine. */
  readonly withoutPaths: string;
}

const NAME = 'codex-gateway';
const SCRIPT = fileURLToPath(new URL('../../../bin/codex-gateway.js', import.meta.url));

/** Returns the words that call this program by absolute paths, from any folder and with any PATH. */
export function ownCall(): readonly [program: string, script: string] {
  return [process.execPath, SCRIPT];
}

export function ownCommand(environment: Environment): OwnCommand {
  return commandFor(SCRIPT, environment);
}

/**
 * Returns the program's name if PATH leads to the script, otherwise the paths of Node and the script, as in a clone.
 */
export function commandFor(script: string, environment: Environment): OwnCommand {
  const { PATH = '' } = environment;
  const own = realPath(script) ?? script;
  const npm = npmCommand(own, environment);
  if (npm !== undefined) return npm;
  // npm adds its own folders to PATH while a script runs; the shell of a user does not have them.
  const folders = PATH.split(delimiter).filter((folder) => !folder.endsWith('node_modules/.bin'));
  const named = folders.map((folder) => realPath(join(folder, NAME))).find((path) => path !== undefined);
  const usual = named === own ? NAME : `${shellQuote(process.execPath)} ${shellQuote(script)}`;
  return { usual, withoutPaths: NAME };
}

/** Returns the npm command that started the program; undefined if npm did not. */
function npmCommand(script: string, environment: Environment): OwnCommand | undefined {
  if (script.includes('/_npx/')) return { usual: `npx ${NAME}`, withoutPaths: `npx ${NAME}` };
  const clone = dirname(dirname(script));
  const { npm_lifecycle_event: event, npm_package_json: manifest, INIT_CWD: caller } = environment;
  if (event !== 'start' || manifest === undefined) return undefined;
  if (realPath(manifest) !== join(clone, 'package.json')) return undefined;
  const isInside = caller !== undefined && !relative(clone, realPath(caller) ?? caller).startsWith('..');
  const withoutPaths = 'npm -s start --';
  return { usual: isInside ? withoutPaths : `npm -s --prefix ${shellQuote(clone)} start --`, withoutPaths };
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
