import { createSemaphore, type Semaphore } from '../../base/async/semaphore.ts';
import { GatewayError, shuttingDown } from '../../base/errors.ts';
import { commandEnvironment } from './command-environment.ts';
import type { TestCommand } from './run-command.ts';
import { runTarget, type TargetRun } from './run-target.ts';
import type { NamedRun } from './sum-runs.ts';

export interface TargetRunnerOptions {
  /** Commands by the names of their targets. */
  readonly tests: Readonly<Record<string, TestCommand>>;
  /** The gateway's own environment, from which commands get some variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The part of a call that its targets share. */
interface TargetRunOptions {
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Takes the number of tests that are known so far. */
  onCount(count: number): void;
}

/** Runs targets, each of them once at a time. */
export interface TargetRunner {
  readonly names: readonly string[];
  /** Runs targets one after the other. Rejects with the signal's reason when everything that was started has ended. */
  run(targets: readonly string[], options: TargetRunOptions): Promise<NamedRun[]>;
  /** Ends running commands; resolves when nothing of them is left. */
  close(): Promise<void>;
}

/** Maximum number of calls that wait for one target. */
const MAX_WAITING = 20;

export function createTargetRunner({ tests, environment }: TargetRunnerOptions): TargetRunner {
  const commands = new Map(Object.entries(tests));
  const turns = new Map<string, Semaphore>(Array.from(commands, ([name]) => [name, createSemaphore(1)]));
  const variables = commandEnvironment(environment);
  const closing = new AbortController();
  const running = new Set<Promise<unknown>>();

  /** Waits for earlier runs of the target; resolves to undefined if the time is over first. */
  async function runInTurn(
    name: string,
    remaining: () => number,
    options: TargetRunOptions,
  ): Promise<TargetRun | undefined> {
    if (remaining() <= 0) return undefined;
    const over = AbortSignal.timeout(remaining());
    let hasBegun = false;
    try {
      return await turns.get(name)!.run(AbortSignal.any([options.signal, over]), async () => {
        hasBegun = true;
        const command = commands.get(name)!;
        const timeoutMs = Math.min(remaining(), (command.timeoutSeconds ?? Infinity) * 1000);
        return await runTarget({ ...options, name, command, environment: variables, timeoutMs });
      });
    } catch (error) {
      options.signal.throwIfAborted();
      if (over.aborted && !hasBegun) return undefined;
      throw error;
    }
  }

  async function runAll(targets: readonly string[], options: TargetRunOptions): Promise<NamedRun[]> {
    const deadline = performance.now() + options.seconds * 1000;
    const remaining = () => Math.max(0, Math.floor(deadline - performance.now()));
    const runs: NamedRun[] = [];
    let before = 0;
    for (const name of targets) {
      const onCount = (count: number) => options.onCount(before + count);
      const run = await runInTurn(name, remaining, { ...options, onCount });
      runs.push([name, run]);
      before += run?.results.total ?? 0;
    }
    return runs;
  }

  return {
    names: [...commands.keys()],
    async run(targets, options) {
      closing.signal.throwIfAborted();
      refuseCrowd(targets, turns);
      const signal = AbortSignal.any([options.signal, closing.signal]);
      const work = runAll(targets, { ...options, signal });
      running.add(work);
      return await work.finally(() => running.delete(work));
    },
    async close() {
      closing.abort(shuttingDown());
      await Promise.allSettled(running);
    },
  };
}

/** Throws a `GatewayError` if no further call may wait for one of the targets. */
function refuseCrowd(targets: readonly string[], turns: ReadonlyMap<string, Semaphore>): void {
  const name = targets.find((target) => turns.get(target)!.waiting >= MAX_WAITING);
  if (name === undefined) return;
  const message = `${MAX_WAITING} calls wait for the target '${name}' already; try again when some of them have ended.`;
  throw new GatewayError('tool_limited', message, { retryAfter: 10 });
}
