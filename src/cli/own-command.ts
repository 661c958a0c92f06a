import { realpathSync } from 'node:fs';
import { delimiter, dirname, join, relative, resolve } from 'node:path';
import type { Environment } from '../app/config.ts';
import { shellQuote } from './shell-quote.ts';

/** Command lines by which this program can be called again. */
export interface OwnCommand {
  /** As its user has called it. */
  readonly usual: string;
  /** From any folder, as in a line that is pasted into another terminal. */
  readonly anywhere: string;
}

export function ownCommand(environment: Environment): OwnCommand {
  return commandFor(process.argv[1] ?? '', environment);
}

/** Its name if PATH leads to the script, else the paths of Node and of the script, as in a clone. */
export function commandFor(script: string, environment: Environment): OwnCommand {
  const { PATH = '' } = environment;
  const own = realPath(script);
  // npm puts its own folders on PATH for the time of a script; a shell that the user pastes into has them not.
  const folders = PATH.split(delimiter).filter((folder) => !folder.endsWith('node_modules/.bin'));
  const named = folders
    .map((folder) => realPath(join(folder, 'codex-gateway')))
    .find((path) => path !== undefined);
  const isNamed = named !== undefined && named === own;
  const anywhere = isNamed
    ? 'codex-gateway'
    : `${shellQuote(process.execPath)} ${shellQuote(resolve(script))}`;
  return { usual: npmCommand(own ?? script, environment) ?? anywhere, anywhere };
}

/** The command of npm by which it was started, if it was. */
function npmCommand(script: string, environment: Environment): string | undefined {
  if (script.includes('/_npx/')) return 'npx codex-gateway';
  const clone = dirname(dirname(script));
  const { npm_lifecycle_event: event, npm_package_json: manifest, INIT_CWD: caller } = environment;
  if (event !== 'start' || manifest === undefined) return undefined;
  if (realPath(manifest) !== join(clone, 'package.json')) return undefined;
  const isInside = caller !== undefined && !relative(clone, realPath(caller) ?? caller).startsWith('..');
  return isInside ? 'npm -s start --' : `npm -s --prefix ${shellQuote(clone)} start --`;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
