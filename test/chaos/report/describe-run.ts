import { availableParallelism, totalmem } from 'node:os';
import type { ChaosOptions, ChaosResult } from '../run-chaos.ts';

/** Writes the figures of a run as Markdown. */
export function describeRun({ seed, seconds, clients }: ChaosOptions, result: ChaosResult): string {
  const { journal, before, after, growth } = result;
  const machine = `${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GB of memory, Node ${process.versions.node}`;
  const run = `Seed ${seed}, ${seconds} seconds, ${clients} clients at once, on ${machine}.`;
  const { length } = journal.violations;
  return [
    run,
    '',
    length === 0 ? 'Every invariant held.' : `${length} invariants were broken.`,
    '',
    ...tableOf(['requests', 'answered', 'other ends'], requestRows(journal.counts)),
    '',
    ...tableOf(
      ['fault', 'times'],
      [...journal.faults].map(([name, count]) => [name, String(count)]),
    ),
    '',
    ...tableOf(
      ['figure', 'before the traffic', 'after it'],
      [
        ['memory of the gateway', megabytes(before.gatewayMemory), megabytes(after.gatewayMemory)],
        ['in use by its main thread', megabytes(before.gatewayUsed), megabytes(after.gatewayUsed)],
        ['memory of the app-server', megabytes(before.childMemory), megabytes(after.childMemory)],
        ['descriptors of the gateway', String(before.gatewayDescriptors), String(after.gatewayDescriptors)],
        ['descriptors of the app-server', String(before.childDescriptors), String(after.childDescriptors)],
        ['threads of the gateway', String(before.gatewayThreads), String(after.gatewayThreads)],
        ['state folder', megabytes(before.state), megabytes(after.state)],
        ['temporary files', String(before.temporaryFiles), String(after.temporaryFiles)],
        ['homes of app-servers', String(before.homes), String(after.homes)],
      ],
    ),
    '',
    `Growth after warm-up: gateway ${growthText(growth.gateway)}, app-server ${growthText(growth.child)}.`,
    '',
  ].join('\n');
}

/** Returns a row for each kind of request. */
function requestRows(counts: ReadonlyMap<string, number>): string[][] {
  const kinds = Map.groupBy(counts, ([key]) => key.split('\t')[0]!);
  return [...kinds]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([kind, outcomes]) => {
      const ends = outcomes.map(([key, count]) => ({ outcome: key.split('\t')[1]!, count }));
      const answered = ends.find(({ outcome }) => outcome === 'ok')?.count ?? 0;
      const others = ends
        .filter(({ outcome }) => outcome !== 'ok')
        .toSorted((one, other) => other.count - one.count)
        .map(({ outcome, count }) => `${count} ${/^\d/.test(outcome) ? `\`${outcome}\`` : outcome}`);
      return [kind, String(answered), others.join(', ')];
    });
}

function tableOf(heads: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), `|${'---|'.repeat(heads.length)}`, ...rows.map(line)];
}

const megabytes = (value: number) => `${value.toFixed(1)} MB`;
const growthText = (value: number | undefined) =>
  value === undefined ? 'not measured in a short run' : megabytes(value);
