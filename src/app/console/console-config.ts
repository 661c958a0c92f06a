import { GatewayError, StartupError } from '../../base/errors.ts';
import type { ConfigFileState } from '../../console/contract/config-file.ts';
import type { LiveEvents } from '../../console/live/live-events.ts';
import type { ConfigAsker } from '../../console/models/console-models.ts';
import { checkHost, isLoopback } from '../config/address.ts';
import { findHome } from '../config/config.ts';
import { createConfigEditor, type ConfigEdit, type ConfigState } from '../config/config-editor.ts';
import type { ConfigFile, RoutingSettings } from '../config/config-file.ts';
import { ownCommand } from '../config/own-command.ts';
import type { ConsoleParts } from './console-parts.ts';
import { shortenPath } from './shorten-path.ts';

/** The config file as the console shows and changes it, and those of its settings that need no restart. */
export interface ConsoleConfig {
  read(): Promise<ConfigState>;
  describe(state: ConfigState, asker: ConfigAsker): ConfigFileState;
  /** Changes the file, and puts in force at once what needs no restart. Rejects with a `GatewayError`. */
  edit(edit: Omit<ConfigEdit, 'check'>, asker: ConfigAsker): Promise<void>;
  /** Returns the settings in force among those that need no restart. */
  routing(): RoutingSettings;
}

export function createConsoleConfig(
  { parts, options }: ConsoleParts,
  live: Pick<LiveEvents, 'publish'>,
): ConsoleConfig {
  const { settings, environment, demo, launch } = options;
  const { routing } = parts.started;
  const { modelsBy } = parts.codex;
  const editor = createConfigEditor(settings.configPath);
  let inForce = pickRouting(settings);

  const problemOf = (state: ConfigState, { isMain }: ConfigAsker): string | undefined => {
    if (demo) return DEMO;
    return isMain ? state.problem : NOT_MAIN;
  };

  async function check(config: ConfigFile, signal: AbortSignal): Promise<void> {
    try {
      checkAddress(config, settings.allowRemote ?? false);
      await routing.check(signal, config.models);
    } catch (error) {
      throw error instanceof StartupError ? new GatewayError('invalid_value', error.message) : error;
    }
  }

  return {
    read: editor.read,
    routing: () => inForce,
    describe: (state, asker) => ({
      path: shortenPath(settings.configPath, findHome(environment)),
      version: state.version,
      exists: state.exists,
      problem: problemOf(state, asker) ?? null,
      restart: launch === undefined ? null : `${ownCommand(environment).withoutPaths} restart`,
    }),
    async edit(edit, asker) {
      const problem = problemOf(await editor.read(), asker);
      if (problem !== undefined) throw new GatewayError('config_not_writable', problem);
      const written = await editor.edit({
        ...edit,
        check: async (config) => await check(config, asker.signal),
      });
      inForce = pickRouting(written);
      if (modelsBy) routing.use(modelsBy(inForce));
      live.publish('changed', { area: 'models' });
      live.publish('changed', { area: 'settings' });
    },
  };
}

const DEMO =
  'The demo has its own model and leaves the config file alone. Start the gateway without --demo to change it here.';

const NOT_MAIN =
  'This browser was signed in with a named token. Only the token of the gateway itself changes the config file.';

/** Throws a `StartupError` for a host with which the next start would fail. */
function checkAddress({ host }: ConfigFile, allowRemote: boolean): void {
  if (allowRemote || isLoopback(checkHost(host))) return;
  throw new StartupError(
    `The host '${host}' is not a loopback address, so that the next start would be refused. Start the gateway with --allow-remote first.`,
  );
}

/** Returns these settings alone; those that a file does not have are undefined. */
function pickRouting(config: RoutingSettings): RoutingSettings {
  const { models, reasoningEffort, verbosity, serviceTier, system, reasoningSummary } = config;
  return { models, reasoningEffort, verbosity, serviceTier, system, reasoningSummary };
}
