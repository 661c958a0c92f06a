import { fileURLToPath } from 'node:url';
import type { ConsoleService } from '../../console/console-service.ts';
import type { ConsoleOptions } from '../../http/console/console-routes.ts';
import type { ConsoleParts } from './console-parts.ts';

/** Folder with the built page; the same for the sources and for what is compiled of them. */
const PAGE_FOLDER = fileURLToPath(new URL('../../../dist/page', import.meta.url));

/** Returns the console, whose code is loaded when somebody opens it for the first time. */
export function lazyConsole(parts: ConsoleParts): ConsoleOptions {
  let opening: Promise<ConsoleService> | undefined;
  return {
    open: async () => await (opening ??= load(parts)),
    page: { folder: PAGE_FOLDER },
    isDemo: parts.options.demo,
  };
}

async function load(parts: ConsoleParts): Promise<ConsoleService> {
  const { openConsole } = await import('./open-console.ts');
  return openConsole(parts);
}
