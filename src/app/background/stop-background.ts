import { endProcess } from '../../service/process/end-process.ts';
import {
  findStateDirectory,
  isAddressNamed,
  readAddress,
  type Environment,
  type Flags,
} from '../config/config.ts';
import { readSettings } from '../config/config.ts';
import { findOwnInstances, type OwnInstance } from './own-instances.ts';

/** Milliseconds for running requests, a little longer than the gateway itself gives them. */
const PATIENCE_MS = 15_000;

/** Milliseconds for the rest, when running requests have been ended. */
const LAST_MS = 10_000;

/** Finds the gateway to stop: the one on the address that is named, or else the one in the background, or the newest. */
export async function findInstanceToStop(
  flags: Flags,
  environment: Environment,
): Promise<OwnInstance | undefined> {
  const { background, others } = await findOwnInstances(findStateDirectory(environment));
  const all = background ? [background, ...others] : others;
  const { port } = readAddress(flags, environment, { host: '127.0.0.1', port: 0 });
  if (isAddressNamed(flags, environment) && port !== 0) {
    return all.find(({ record }) => record?.port === port);
  }
  if (background) return background;
  const configured = await readConfiguredPort(flags, environment);
  return others.find(({ record }) => record?.port === configured) ?? others[0];
}

/** Returns undefined if the config file is broken, because a gateway can be stopped without it. */
async function readConfiguredPort(flags: Flags, environment: Environment): Promise<number | undefined> {
  return (await readSettings(flags, environment).catch(() => undefined))?.port;
}

/** Stops a gateway, and resolves when it and its processes are gone. */
export async function stopInstance(
  { identity }: OwnInstance,
  signal: AbortSignal,
): Promise<'ended' | 'killed'> {
  return await endProcess(identity, { patienceMs: PATIENCE_MS, lastMs: LAST_MS }, signal);
}
