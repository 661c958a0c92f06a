import { readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createId } from '../../base/ids.ts';
import type { OwnVariables } from '../../service/units/own-variables.ts';
import { registerOwner, isDeadOwner } from '../../store/database/owner.ts';
import type { Settings } from '../config/config.ts';
import { makePrivateFolder, writePrivateFile } from '../files/private-files.ts';

const recordSchema = z.object({
  /** Process of the gateway, so that records of dead ones are recognized. */
  owner: z.string(),
  machine: z.string(),
  pid: z.number(),
  host: z.string(),
  port: z.number(),
  /** Unix milliseconds of the start. */
  since: z.number(),
  /** Command with which the program was called. */
  command: z.string(),
  configPath: z.string(),
  demo: z.boolean(),
  /**
   * Names the source of the token. Contains the token itself only if it was made for one run and is stored nowhere
   * else.
   */
  token: z.object({ source: z.string(), path: z.string().optional(), value: z.string().optional() }),
  /** Options of a gateway that `start` or a service started, by the names that the parser of the command line gives them. */
  launch: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  /** Variables of its environment that it needs to be started again in the same way: those without secrets, and names of others. */
  variables: z.object({ kept: z.record(z.string(), z.string()), secret: z.array(z.string()) }).optional(),
});

/** Record of a running gateway, by which other commands of its user find it. */
export type RunningRecord = z.output<typeof recordSchema>;

export interface Announcement {
  readonly settings: Settings;
  readonly port: number;
  readonly token: string;
  readonly command: string;
  readonly demo: boolean;
  readonly launch?: RunningRecord['launch'];
  readonly variables?: OwnVariables | undefined;
}

/** Writes the record of this gateway into the state folder, and returns a function that removes it. */
export async function announceGateway(announcement: Announcement): Promise<() => Promise<void>> {
  const { settings, port, command, demo, token, launch, variables } = announcement;
  const { host, configPath, token: configured } = settings;
  const folder = recordsFolder(settings.stateDirectory);
  await makePrivateFolder(folder);
  await listRunning(settings.stateDirectory);
  const { owner, release } = registerOwner();
  const record: RunningRecord = {
    owner,
    machine: hostname(),
    pid: process.pid,
    host,
    port,
    since: Date.now(),
    command,
    configPath,
    demo,
    token: configured
      ? { source: configured.source, ...(configured.path !== undefined && { path: configured.path }) }
      : { source: 'run', value: token },
    ...(launch && { launch }),
    ...(variables && { variables: { kept: { ...variables.kept }, secret: [...variables.secret] } }),
  };
  const path = join(folder, `${createId('')}.json`);
  try {
    await writePrivateFile(path, JSON.stringify(record), true);
  } catch (error) {
    release();
    throw error;
  }
  return async () => {
    release();
    await rm(path, { force: true });
  };
}

/**
 * Returns the gateways running on this machine with this state folder, newest first, and removes records of dead
 * ones.
 */
export async function listRunning(stateDirectory: string): Promise<RunningRecord[]> {
  const folder = recordsFolder(stateDirectory);
  const names = await readdir(folder).catch(() => []);
  const records = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readRecord(join(folder, name))),
  );
  return records.filter((record) => record !== undefined).toSorted((a, b) => b.since - a.since);
}

async function readRecord(path: string): Promise<RunningRecord | undefined> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const record = parseRecord(text);
  // The folder may be shared with another machine, whose gateways are not on this loopback address.
  if (record !== undefined && record.machine !== hostname()) return undefined;
  if (record !== undefined && !isDeadOwner(record.owner)) return record;
  await rm(path, { force: true }).catch(() => {});
  return undefined;
}

function parseRecord(text: string): RunningRecord | undefined {
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function recordsFolder(stateDirectory: string): string {
  return join(stateDirectory, 'running');
}
