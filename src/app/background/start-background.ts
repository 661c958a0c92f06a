import { readFile, stat } from 'node:fs/promises';
import { StartupError } from '../../base/errors.ts';
import type { Observation } from '../../base/observation.ts';
import { launchDetached, type LaunchedProcess } from '../../service/process/launch.ts';
import { identifyProcess } from '../../service/process/process-identity.ts';
import { isAddressNamed, type Environment, type Flags, type Settings } from '../config/config.ts';
import { ownCall } from '../config/own-command.ts';
import { checkStart } from '../access/check-start.ts';
import { withStateToken } from '../config/state-token.ts';
import { makePrivateFolder } from '../files/private-files.ts';
import type { RunningRecord } from '../gateways/running-gateways.ts';
import { backgroundLogPath } from './background-files.ts';
import { formatFlags, launchEnvironment, launchFlags } from './launch-flags.ts';
import { findOwnInstances, type OwnInstance, type OwnInstances } from './own-instances.ts';
import { launchPatienceMs, waitUntilReady, type LaunchReadiness } from './wait-until-ready.ts';

export interface BackgroundOptions {
  readonly settings: Settings;
  readonly flags: Flags & { readonly demo?: boolean };
  readonly environment: Environment;
  readonly signal: AbortSignal;
}

export interface BackgroundStart {
  readonly isNew: boolean;
  readonly pid: number;
  readonly readiness: Exclude<LaunchReadiness, { state: 'ended' }>;
  /** Id of an earlier process that ended without removing its pid file. */
  readonly deadPid: number | undefined;
  /** Facts about the settings of a new one, for its user. */
  readonly warnings: readonly Observation[];
}

/** Starts a gateway in the background, unless one runs already, and waits until it is ready. */
export async function startBackground(options: BackgroundOptions): Promise<BackgroundStart> {
  const { settings } = options;
  const instances = await findOwnInstances(settings.stateDirectory);
  const running = matchRunning(instances, options);
  if (running !== undefined) return await joinRunning(running, options, instances.deadPid);
  const warnings = await checkStart(settings, { demo: options.flags.demo });
  await makePrivateFolder(settings.stateDirectory);
  if (!options.flags.demo) await withStateToken(settings);
  const logPath = backgroundLogPath(settings.stateDirectory);
  const logSize = (await stat(logPath).catch(() => undefined))?.size ?? 0;
  const launched = await launch(options, logPath);
  const readiness = await wait(identifyProcess(launched.pid), options);
  if (readiness.state !== 'ended') {
    return { isNew: true, pid: launched.pid, readiness, deadPid: instances.deadPid, warnings };
  }
  // Two starts at the same time: the pid file of one ends the other.
  const { background } = await findOwnInstances(settings.stateDirectory);
  if (background !== undefined && background.identity.pid !== launched.pid) {
    return await joinRunning(background, options, instances.deadPid);
  }
  throw await explainEnd(launched, logPath, logSize);
}

async function launch({ flags, environment }: BackgroundOptions, logPath: string): Promise<LaunchedProcess> {
  const [program, script] = ownCall();
  return await launchDetached({
    command: [program, script, 'serve', '--in-background', ...formatFlags(launchFlags(flags))],
    environment: launchEnvironment(environment, flags),
    logPath,
  });
}

/** Returns the gateway that the start is about. Throws if one runs in the background on another port than the named one. */
function matchRunning(
  { background, others }: OwnInstances,
  { settings, flags, environment }: BackgroundOptions,
): OwnInstance | undefined {
  const { port } = settings;
  if (background === undefined) return others.find(({ record }) => record?.port === port);
  const { identity, record } = background;
  const isOther = record !== undefined && port !== 0 && record.port !== port;
  if (!isOther || !isAddressNamed(flags, environment)) return background;
  throw new StartupError(
    `A codex-gateway runs in the background on port ${record.port} (process ${identity.pid}), and a state folder has one at a time; ` +
      'stop it first, or use another state folder (XDG_STATE_HOME) for the one on port ' +
      `${port}.`,
  );
}

async function joinRunning(
  { identity }: OwnInstance,
  options: BackgroundOptions,
  deadPid: number | undefined,
): Promise<BackgroundStart> {
  const readiness = await wait(identity, options);
  if (readiness.state === 'ended') {
    throw new StartupError(`The codex-gateway that ran (process ${identity.pid}) has just ended; try again.`);
  }
  return { isNew: false, pid: identity.pid, readiness, deadPid, warnings: [] };
}

async function wait(
  identity: OwnInstance['identity'],
  { settings, signal }: BackgroundOptions,
): Promise<LaunchReadiness> {
  const { stateDirectory } = settings;
  return await waitUntilReady({ stateDirectory, identity, patienceMs: launchPatienceMs(settings), signal });
}

/** The line with which the program says why it ended. */
const REASON = /^codex-gateway(?: failed)?: (.*)$/gm;

async function explainEnd(
  { ended }: LaunchedProcess,
  logPath: string,
  logSize: number,
): Promise<StartupError> {
  const end = await ended;
  const bytes = await readFile(logPath).catch(() => Buffer.alloc(0));
  // A log that is shorter than before has been rotated.
  const text = bytes.subarray(bytes.length < logSize ? 0 : logSize).toString();
  const reason = [...text.matchAll(REASON)].at(-1)?.[1];
  if (reason !== undefined) return new StartupError(reason);
  const how = typeof end === 'number' ? `with exit code ${end}` : `by ${end}`;
  return new StartupError(`The gateway ended ${how} before it was ready; ${logPath} may say why.`);
}

/** Returns the record of a gateway that listens. */
export function recordOf({ readiness }: BackgroundStart): RunningRecord | undefined {
  return readiness.state === 'silent' ? undefined : readiness.record;
}
