import { childrenOf, readCpuMs } from '../processes/process-figures.ts';
import { showProgress } from '../report/progress.ts';
import type { Figure } from '../report/figure.ts';
import type { Sides, SidesOptions } from '../sides.ts';
import type { TurnsOptions, TurnTimes } from '../workloads/turns.ts';

/** A part of the bench, which can be selected by its name. */
export interface Scenario {
  readonly name: string;
  run(bench: Bench): Promise<void>;
}

export interface Bench {
  readonly rounds: number;
  /** For a scenario that starts sides of its own. */
  readonly options: SidesOptions;
  /** Returns the two sides that most scenarios share; starts them on the first call. */
  sides(): Promise<Sides>;
  report(figure: Figure): void;
  /** Prints a line that is not compared with anything. */
  note(line: string): void;
}

/** Runs each of the given functions in turn, again in every round; resolves to the results of each, by name. */
export async function alternate<Results extends Record<string, unknown>>(
  name: string,
  rounds: number,
  slices: { readonly [Slice in keyof Results]: () => Promise<Results[Slice]> },
): Promise<{ [Slice in keyof Results]: Results[Slice][] }> {
  const results = Object.fromEntries(Object.keys(slices).map((slice) => [slice, [] as unknown[]]));
  for (let round = 1; round <= rounds; round += 1) {
    for (const [slice, run] of Object.entries(slices)) {
      showProgress(`${name}: round ${round} of ${rounds}, ${slice}`);
      results[slice]!.push(await (run as () => Promise<unknown>)());
    }
  }
  return results as { [Slice in keyof Results]: Results[Slice][] };
}

/** The times of a slice, and the CPU time that it took. */
export interface MeasuredTurns extends TurnTimes {
  /** Milliseconds of the gateway or the bare client, without its app-server. */
  readonly cpuMs: number;
  /** Milliseconds of its app-server. */
  readonly appServerCpuMs: number;
}

/** Runs the same turns through the gateway and on the bare client, by turns. */
export async function compareTurns(
  name: string,
  { rounds, sides: getSides }: Pick<Bench, 'rounds' | 'sides'>,
  options: TurnsOptions,
): Promise<{ gateway: MeasuredTurns[]; bare: MeasuredTurns[] }> {
  const { gateway, http, bare } = await getSides();
  return await alternate(name, rounds, {
    gateway: () => withCpu(gateway.pid, http.call('runTurns', { client: 'chat', ...options })),
    bare: () => withCpu(bare.pid, bare.call('runTurns', { client: 'bare', ...options })),
  });
}

async function withCpu(pid: number, running: Promise<TurnTimes>): Promise<MeasuredTurns> {
  const [appServer] = childrenOf(pid) as [number];
  const before = [pid, appServer].map(readCpuMs);
  const times = await running;
  const [cpuMs, appServerCpuMs] = [pid, appServer].map((one, index) => readCpuMs(one) - before[index]!);
  return { ...times, cpuMs: cpuMs!, appServerCpuMs: appServerCpuMs! };
}
