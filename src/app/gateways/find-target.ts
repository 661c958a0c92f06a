import { readFile } from 'node:fs/promises';
import { readConfigFile } from '../config/config-file.ts';
import { isAddressNamed, isConfigNamed, readSettings } from '../config/config.ts';
import type { Environment, Flags, Settings } from '../config/config.ts';
import { listRunning, type RunningRecord } from './running-gateways.ts';
import { readStateToken } from '../config/state-token.ts';

/** The gateway that a command of a client is about. */
export interface Target {
  /** With its host, port and token; the token is undefined if nobody but its starter knows it. */
  readonly settings: Settings;
  /** Undefined if no gateway of this user runs there. */
  readonly running: RunningRecord | undefined;
  /** Gateways among which it was chosen. */
  readonly candidates: number;
}

/**
 * Finds the running gateway through the state folder: the one on the configured address, else the only one, else the
 * newest. An address or a config file that is named for this very command excludes all others. Without one, the target is
 * the gateway that is configured.
 */
export async function findTarget(flags: Flags, environment: Environment): Promise<Target> {
  const settings = await readSettings(flags, environment);
  const all = await listRunning(settings.stateDirectory);
  const candidates = isConfigNamed(flags, environment)
    ? all.filter(({ configPath }) => configPath === settings.configPath)
    : all;
  const configured = candidates.find(({ host, port }) => host === settings.host && port === settings.port);
  const running = configured ?? (isAddressNamed(flags, environment) ? undefined : candidates[0]);
  if (running === undefined) {
    const token = settings.token ?? (await readStateToken(settings.stateDirectory));
    return { settings: { ...settings, token }, running, candidates: 0 };
  }
  const { host, port } = running;
  const token = await tokenFor(running, settings);
  return { settings: { ...settings, host, port, token }, running, candidates: candidates.length };
}

/** A token that is given to this very command goes before the one that the gateway was started with. */
async function tokenFor({ token }: RunningRecord, settings: Settings): Promise<Settings['token']> {
  const { source, path, value } = token;
  if (settings.token && settings.token.source !== 'config') return settings.token;
  switch (source) {
    case 'run':
      return value === undefined ? undefined : { value, source: 'state', path: undefined };
    case 'state':
      return await readStateToken(settings.stateDirectory);
    case 'config': {
      const file = path === undefined ? undefined : await readConfigFile(path, true).catch(() => undefined);
      return file?.token === undefined ? undefined : { value: file.token, source, path };
    }
    case 'file': {
      const text = path === undefined ? undefined : await readFile(path, 'utf8').catch(() => undefined);
      return text === undefined ? undefined : { value: text.trim(), source, path };
    }
    default:
      return undefined;
  }
}
