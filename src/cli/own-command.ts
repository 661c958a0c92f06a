import { realpathSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { shellQuote } from './shell-quote.ts';

/** How this program can be called again from any folder. */
export function ownCommand(searchPath: string): string {
  return commandFor(process.argv[1] ?? '', searchPath);
}

/** Its name where that leads to the script, else the paths of Node and of the script, as in a clone. */
export function commandFor(script: string, searchPath: string): string {
  const own = realPath(script);
  // npm puts its own folders on PATH for the time of a script; a shell that the user pastes into has them not.
  const folders = searchPath.split(delimiter).filter((folder) => !folder.endsWith('node_modules/.bin'));
  const named = folders
    .map((folder) => realPath(join(folder, 'codex-gateway')))
    .find((path) => path !== undefined);
  if (named !== undefined && named === own) return 'codex-gateway';
  return `${shellQuote(process.execPath)} ${shellQuote(resolve(script))}`;
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
