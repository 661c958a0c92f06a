import { readFile } from 'node:fs/promises';
import { StartupError } from '../../base/errors.ts';
import { readConfigFile } from '../config/config-file.ts';
import { isAddressNamed, isConfigNamed, readSettings } from '../config/config.ts';
import type { Environment, Flags, Settings } from '../config/config.ts';
import { listRunning, type RunningRecord } from './running-gateways.ts';
import { readStateToken } from '../config/state-token.ts';

/** The gateway that a client command is about. */
export interface Target {
  /** With the gateway's host, port and token; the token is undefined if only the person who started it knows it. */
  readonly settings: Settings;
  /** Undefined if no gateway of this user runs there. */
  readonly running: RunningRecord | undefined;
  /** Number of running gateways from which it was chosen. */
  readonly candidates: number;
}

interface WantedGateway {
  /** True if it has to be a demo. */
  readonly isDemo?: boolean;
}

/**
 * Finds the running gateway through the state folder: the one on the configured address, or else the newest one. If an
 * address or a config file is named for this command, it has to match. If none runs, the target is the configured gateway.
 */
export async function findTarget(
  flags: Flags,
  environment: Environment,
  { isDemo = false }: WantedGateway = {},
): Promise<Target> {
  const settings = await readSettings(flags, environment);
  const all = (await listRunning(settings.stateDirectory)).filter(({ demo }) => demo || !isDemo);
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

/**
 * Returns the token for a gateway; one passed to this command takes precedence over the one with which the gateway
 * was started.
 */
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

/** Returns the error for a running gateway whose token only the person who started it knows. */
export function tokenUnknown({ port, pid }: Pick<RunningRecord, 'port' | 'pid'>): StartupError {
  return new StartupError(
    `The gateway on port ${port} (pid ${pid}) was started with a token that is not stored; pass the same one with --token or CODEX_GATEWAY_TOKEN.`,
  );
}

/** Throws a `StartupError` if the target runs and its token is unknown. */
export function requireToken({ settings, running }: Pick<Target, 'settings' | 'running'>): void {
  if (running && !settings.token) throw tokenUnknown(running);
}
