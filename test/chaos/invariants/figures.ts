import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { appServersOf, descriptorsOf, memoryOf, threadsOf } from '../process/processes.ts';
import type { ChaosGateway } from '../process/chaos-gateway.ts';
import type { Run } from '../run.ts';

/** Memory, descriptors and other things that the processes of a run hold at one moment. */
export interface Figures {
  readonly seconds: number;
  readonly gatewayPid: number;
  readonly childPid: number | undefined;
  /** Megabytes. */
  readonly gatewayMemory: number;
  /** Megabytes that the gateway's main thread uses after a collection. */
  readonly gatewayUsed: number;
  readonly childMemory: number;
  readonly gatewayDescriptors: number;
  readonly childDescriptors: number;
  readonly gatewayThreads: number;
  /** Megabytes of the state folder. */
  readonly state: number;
  readonly temporaryFiles: number;
  /** Private homes of app-servers. */
  readonly homes: number;
}

export async function takeFigures({ gateway, journal }: Run): Promise<Figures> {
  const { usedBytes } = await gateway.measure();
  const gatewayPid = gateway.pid();
  const children = appServersOf(gatewayPid);
  const childPid = children[0];
  return {
    seconds: Math.round(journal.nowMs() / 1000),
    gatewayPid,
    childPid,
    gatewayMemory: memoryOf(gatewayPid),
    gatewayUsed: usedBytes / 1024 / 1024,
    childMemory: children.reduce((sum, pid) => sum + memoryOf(pid), 0),
    gatewayDescriptors: descriptorsOf(gatewayPid).length,
    childDescriptors: childPid === undefined ? 0 : descriptorsOf(childPid).length,
    gatewayThreads: threadsOf(gatewayPid),
    state: sizeOf(gateway.stateFolder) / 1024 / 1024,
    temporaryFiles: readdirSync(join(gateway.folder, 'tmp')).length,
    homes: homesOf(gateway).length,
  };
}

/** Returns the names of the private homes in the state folder. */
export function homesOf({ stateFolder }: ChaosGateway): string[] {
  const path = join(stateFolder, 'homes');
  return existsSync(path) ? readdirSync(path) : [];
}

/** Returns the bytes of all files in a folder. */
function sizeOf(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    // A file may be removed meanwhile.
    if (entry.isFile())
      bytes += statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0;
  }
  return bytes;
}

/** Growth of a figure, in its own unit, from the first third of the samples to the last one. */
export function growthOf(
  samples: readonly Figures[],
  figure: 'childMemory' | 'gatewayMemory' | 'gatewayUsed',
): number {
  const third = Math.max(1, Math.floor(samples.length / 3));
  const medians = [samples.slice(0, third), samples.slice(-third)].map((part) =>
    medianOf(part.map((sample) => sample[figure])),
  );
  return medians[1]! - medians[0]!;
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
