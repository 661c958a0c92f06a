import { resolve } from 'node:path';
import { launchFlags } from '../../app/background/launch-flags.ts';
import { startGateway } from '../../app/compose.ts';
import {
  asksNpmForDemo,
  findUsualConfig,
  readSettings,
  type Environment,
  type Flags,
  type Settings,
} from '../../app/config/config.ts';
import { checkStart } from '../../app/access/check-start.ts';
import { observeInLog } from '../../app/log/observer.ts';
import { reportLostErrors } from '../../app/lifecycle/lost-errors.ts';
import { withStateToken } from '../../app/config/state-token.ts';
import { describeStart } from '../describe-start.ts';
import { VERSION } from '../../app/config/version.ts';
import { ownCommand } from '../../app/config/own-command.ts';
import type { Observer } from '../../base/observation.ts';
import { serveUntilSignal } from '../serve-until-signal.ts';
import type { Terminal } from '../terminal.ts';
import { untilStopped } from '../until-stopped.ts';
import { warnAboutToken } from '../warn-about-token.ts';

export interface ServeFlags extends Flags {
  readonly demo?: boolean;
  /** Passed by `start` and by services. */
  readonly inBackground?: boolean;
}

/** Serves until a signal arrives. */
export async function serve(flags: ServeFlags, environment: Environment, terminal: Terminal): Promise<void> {
  const demo = flags.demo ?? asksNpmForDemo(environment);
  const given = await readSettings(flags, environment);
  const warnings = await checkStart(given, { demo });
  // The demo leaves nothing behind.
  const settings = demo ? given : await withStateToken(given);
  const leaveBackground = flags.inBackground ? await enterBackground(settings) : undefined;
  const observer = observeInLog(settings);
  for (const warning of warnings) observer.observe(warning);
  const stopLogging = reportLostErrors(observer);
  try {
    await serveUntilStopped({ settings, environment, observer, demo, flags, terminal });
  } finally {
    stopLogging();
    await leaveBackground?.();
  }
}

async function enterBackground(settings: Settings): Promise<() => Promise<void>> {
  const { beBackground } = await import('../../app/background/be-background.ts');
  return await beBackground(settings, process.pid);
}

interface Serving {
  readonly settings: Settings;
  readonly environment: Environment;
  readonly observer: Observer;
  readonly demo: boolean;
  readonly flags: ServeFlags;
  readonly terminal: Terminal;
}

async function serveUntilStopped(serving: Serving): Promise<void> {
  const { settings, environment, observer, demo, flags, terminal } = serving;
  const command = ownCommand(environment);
  const gateway = await untilStopped('Stopped before it was up.', (signal) =>
    startGateway({
      settings,
      flags,
      environment,
      observer,
      demo,
      isServer: true,
      launch: flags.inBackground ? launchFlags(flags) : undefined,
      signal,
    }),
  );
  const tokenFile = flags.tokenFile === undefined ? undefined : resolve(flags.tokenFile);
  const { CODEX_HOME: codexHome } = environment;
  const hasUsualConfig = settings.configPath === findUsualConfig(environment);
  const description = describeStart({
    gateway,
    settings,
    demo,
    tokenFile,
    codexHome,
    command,
    hasUsualConfig,
    hasCopilotOnly: gateway.login.type === 'signed-out' && (await hasCopilot(settings, environment)),
  });
  warnAboutToken(settings, terminal);
  if (flags.inBackground) {
    // Nobody reads its standard output.
    terminal.complain(
      `codex-gateway ${VERSION} listens on ${gateway.origin} since ${new Date().toISOString()}.`,
    );
  }
  await serveUntilSignal(gateway, description, terminal);
}

async function hasCopilot(settings: Settings, environment: Environment): Promise<boolean> {
  const { canUseCopilot } = await import('../../app/copilot/copilot-login.ts');
  return await canUseCopilot({ settings, environment });
}
