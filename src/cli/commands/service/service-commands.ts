import { findServiceManager } from '../../../app/services/find-manager.ts';
import {
  installService,
  readService,
  uninstallService,
  type ServiceContext,
} from '../../../app/services/install-service.ts';
import { readSettings, type Environment } from '../../../app/config/config.ts';
import { checkStart } from '../../../app/access/check-start.ts';
import { ownCommand } from '../../../app/config/own-command.ts';
import { StartupError } from '../../../base/errors.ts';
import { CommandEnd } from '../../command-end.ts';
import { formatTable } from '../../format-table.ts';
import type { Terminal } from '../../terminal.ts';
import { untilStopped } from '../../until-stopped.ts';
import type { ServeFlags } from '../serve.ts';

interface InstallFlags extends ServeFlags {
  readonly print?: boolean;
}

/** Installs the gateway as a service that starts at each login, with the options that are given here. */
export async function serviceInstall(
  { print = false, ...flags }: InstallFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  if (flags.token !== undefined) {
    throw new StartupError(
      'A service cannot have --token, which the process list shows; put the token into a file and pass --token-file.',
    );
  }
  await checkStart(await readSettings(flags, environment));
  await withManager(flags, environment, async (context) => {
    const { manager } = context;
    if (print) return terminal.write(manager.content);
    await installService(context);
    terminal.print(`The service is installed and started: ${manager.path}`);
    for (const note of manager.notes) terminal.print(note);
  });
}

/** Stops the service and removes it. */
export async function serviceUninstall(
  flags: ServeFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  await withManager(flags, environment, async (context) => {
    const wasThere = await uninstallService(context);
    terminal.print(
      wasThere
        ? `The service is stopped and removed: ${context.manager.path}`
        : 'No service is installed; there is nothing to remove.',
    );
  });
}

/** Prints how the service is. Throws a `CommandEnd` with exit code 1 if it does not run. */
export async function serviceStatus(
  flags: ServeFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  await withManager(flags, environment, async ({ manager }) => {
    if ((await readService(manager.path)) === undefined) {
      terminal.print(
        `No service is installed; \`${ownCommand(environment).usual} service install\` installs one.`,
      );
      throw new CommandEnd(1);
    }
    const { isRunning, rows } = await manager.inspect();
    terminal.print(formatTable([['File', manager.path], ...rows]));
    if (!isRunning) throw new CommandEnd(1);
  });
}

async function withManager(
  flags: ServeFlags,
  environment: Environment,
  use: (context: ServiceContext) => Promise<void>,
): Promise<void> {
  await untilStopped('Stopped.', async (signal) => {
    const manager = findServiceManager({ flags, environment, platform: process.platform, signal });
    await use({ manager, environment, signal });
  });
}
