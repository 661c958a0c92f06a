import { identifyProcess, type ProcessIdentity } from '../../service/process/process-identity.ts';
import { readPidFile } from '../../service/process/pid-file.ts';
import { listRunning, type RunningRecord } from '../gateways/running-gateways.ts';
import { backgroundPidPath } from './background-files.ts';

/** A gateway of this state folder. */
export interface OwnInstance {
  readonly identity: ProcessIdentity;
  /** Undefined while it does not listen yet. */
  readonly record: RunningRecord | undefined;
  /** True if `start` or a service started it. */
  readonly isBackground: boolean;
}

export interface OwnInstances {
  readonly background: OwnInstance | undefined;
  /** Gateways on a terminal, newest first. */
  readonly others: readonly OwnInstance[];
  /** Id of a process that was in the background, and ended without removing its pid file. */
  readonly deadPid: number | undefined;
}

/** Finds the gateways that run with a state folder. */
export async function findOwnInstances(stateDirectory: string): Promise<OwnInstances> {
  const holder = await readPidFile(backgroundPidPath(stateDirectory));
  const records = await listRunning(stateDirectory);
  const isHolder = ({ pid }: RunningRecord) => holder?.isRunning === true && pid === holder.pid;
  const others = records
    .filter((record) => !isHolder(record))
    .map((record) => ({ identity: identifyProcess(record.pid), record, isBackground: false }));
  return {
    background: holder?.isRunning
      ? { identity: holder, record: records.find(isHolder), isBackground: true }
      : undefined,
    others,
    deadPid: holder && !holder.isRunning ? holder.pid : undefined,
  };
}
