import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../random.ts';
import type { Run } from '../run.ts';
import type { Fault } from './fault.ts';
import { chooseFaults, planFaults, withoutIncluded, type Part } from './plan.ts';

export interface Strikes {
  /** Faults that may strike in the run. */
  readonly faults: readonly Fault[];
  readonly part: Part;
  readonly endMs: number;
  /** Lets each fault strike once, evenly spread over the time. */
  readonly once: boolean;
  /** Called before each fault. */
  sample(): Promise<void>;
}

/** Time that a fault lasts on average. */
const TYPICAL_MS = 2000;

/** Lets one fault after the other strike until a part of the run is over and each has struck. */
export async function strikeAll(run: Run, { faults, part, endMs, once, sample }: Strikes): Promise<void> {
  const random = run.random.fork(`faults ${part.until}`);
  const planned = planFaults(faults, part);
  const plan = once ? withoutIncluded(planned) : planned;
  let beside: Promise<void> | undefined;
  let count = 0;
  for (const fault of chooseFaults(random, plan)) {
    const leastMs = random.between(300, 1500) * run.pace;
    const shareMs = (endMs - run.journal.nowMs()) / (plan.length - count);
    await sleep(once ? Math.max(leastMs, shareMs - TYPICAL_MS) : leastMs);
    await sample();
    if (count >= plan.length && run.journal.nowMs() >= endMs) break;
    if (fault.besideOthers === true) {
      await beside;
      beside = strike(run, random, fault);
    } else await strike(run, random, fault);
    count += 1;
    if (once && count === plan.length) break;
  }
  await beside;
  for (const { name } of planned)
    if (!run.journal.faults.has(name)) run.journal.violate(`${name} was planned and did not happen.`);
}

async function strike(run: Run, random: Random, fault: Fault): Promise<void> {
  try {
    await fault.strike(run, random);
  } catch (error) {
    run.journal.violate(`${fault.name} could not be done: ${String(error)}`);
  }
}
