import { readScopes } from '../../app/access/read-new-token.ts';
import type { Environment, Flags } from '../../app/config/config.ts';
import { askForCode } from '../../app/console/ask-for-code.ts';
import { openInBrowser } from '../../app/console/open-in-browser.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';

export interface OpenFlags extends Flags {
  readonly demo?: boolean;
  readonly readOnly?: boolean;
  readonly scope?: string;
  readonly print?: boolean;
}

/** Prints a link that signs one browser in to the console, and opens it. */
export async function open(flags: OpenFlags, environment: Environment, terminal: Terminal): Promise<void> {
  const { link, seconds } = await untilStopped('Stopped.', (signal) =>
    askForCode(flags, environment, {
      scopes: flags.scope === undefined ? undefined : readScopes(flags.scope),
      isDemo: flags.demo ?? false,
      isReadOnly: flags.readOnly ?? false,
      signal,
    }),
  );
  terminal.print(link);
  const isOpened = !flags.print && terminal.isTerminal && (await openInBrowser(link, environment));
  terminal.writeBeside(
    `${isOpened ? 'Opened in your browser.' : 'Open this link in a browser.'} It signs one browser in, within ${seconds} seconds.\n`,
  );
}
