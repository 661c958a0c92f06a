import type { LaunchReadiness } from '../../../app/background/wait-until-ready.ts';
import { formatOrigin } from '../../../app/config/address.ts';
import { findServiceManager, type FindManagerOptions } from '../../../app/services/find-manager.ts';
import {
  installService,
  readService,
  uninstallService,
  type ServiceContext,
} from '../../../app/services/install-service.ts';
import { readProviderVariables } from '../../../app/services/provider-variables.ts';
import type { ServiceManager } from '../../../app/services/service-manager.ts';
import { waitForService } from '../../../app/services/wait-for-service.ts';
import { readSettings, type Environment } from '../../../app/config/config.ts';
import { checkStart } from '../../../app/access/check-start.ts';
import { ownCommand } from '../../../app/config/own-command.ts';
import { StartupError } from '../../../base/errors.ts';
import { CommandEnd } from '../../command-end.ts';
import { notReady } from '../background/describe-background.ts';
import { formatTable } from '../../format-table.ts';
import type { Terminal } from '../../terminal.ts';
import { warnAboutStart } from '../../warn-about-start.ts';
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
  const settings = await readSettings(flags, environment);
  warnAboutStart(await checkStart(settings, { demo: flags.demo }), terminal);
  const providerVariables = flags.demo ? [] : await readProviderVariables(settings, environment);
  await withManager({ flags, environment, providerVariables }, async (context) => {
    const { manager } = context;
    if (print) {
      terminal.write(manager.content);
      for (const line of describeSecrets(manager)) terminal.complain(line);
      return;
    }
    await installService(context);
    terminal.print(`The service is installed: ${manager.path}`);
    for (const line of [...describeSecrets(manager), ...manager.notes]) terminal.print(line);
    terminal.progress('Waiting until the gateway is ready …');
    const readiness = await waitForService(context, settings).finally(() => terminal.progress(''));
    reportService(readiness, manager, environment, terminal);
  });
}

/** Returns a line for each variable of the shell that the service does not have. */
function describeSecrets({ secret, environmentFile }: ServiceManager): string[] {
  return secret.map(
    (name) =>
      `${name} contains a secret and is not in the file of the service; write it into ${environmentFile} (mode 0600) if the service needs it.`,
  );
}

/** Prints how the start of a service ended. Throws a `CommandEnd` if the gateway cannot answer yet. */
function reportService(
  readiness: LaunchReadiness,
  { log }: ServiceManager,
  environment: Environment,
  terminal: Terminal,
): void {
  if (readiness.state === 'ended') {
    throw new CommandEnd(1, `The gateway ended before it was ready; \`${log}\` says why.`);
  }
  if (readiness.state === 'silent') {
    throw new CommandEnd(1, `The gateway does not listen yet; \`${log}\` shows what it does.`);
  }
  const { host, port, pid } = readiness.record;
  terminal.print(`The gateway listens on ${formatOrigin(host, port)} (process ${pid}).`);
  if (readiness.state === 'not-ready') throw notReady(readiness.why, ownCommand(environment).usual);
}

/** Stops the service and removes it. */
export async function serviceUninstall(
  flags: ServeFlags,
  environment: Environment,
  terminal: Terminal,
): Promise<void> {
  await withManager({ flags, environment }, async (context) => {
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
  await withManager({ flags, environment }, async ({ manager }) => {
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
  options: Pick<FindManagerOptions, 'flags' | 'environment' | 'providerVariables'>,
  use: (context: ServiceContext) => Promise<void>,
): Promise<void> {
  await untilStopped('Stopped.', async (signal) => {
    const manager = findServiceManager({ ...options, platform: process.platform, signal });
    await use({ manager, environment: options.environment, signal });
  });
}
