import type { Random } from '../random.ts';
import { BURST } from './burst.ts';
import {
  CHILD_ENDS,
  CHILD_GARBAGE,
  CHILD_KILLED,
  CHILD_LATE,
  CHILD_SLOW,
  CHILD_STOPPED,
} from './child-faults.ts';
import type { Fault, Replaces } from './fault.ts';
import { CLOCK_JUMPS, GATEWAY_KILLED, LOG_FULL, RESTARTED } from './gateway-faults.ts';
import { PROVIDER_CUTS, PROVIDER_REFUSES, PROVIDER_STALLS } from './provider-faults.ts';
import { STATE_REMOVED, STORE_BROKEN, STORE_FULL, STORE_LOCKED } from './store-faults.ts';

export const FAULTS: readonly Fault[] = [
  CHILD_KILLED,
  CHILD_STOPPED,
  CHILD_SLOW,
  CHILD_GARBAGE,
  CHILD_ENDS,
  CHILD_LATE,
  STORE_LOCKED,
  STORE_BROKEN,
  STORE_FULL,
  STATE_REMOVED,
  PROVIDER_REFUSES,
  PROVIDER_CUTS,
  PROVIDER_STALLS,
  BURST,
  RESTARTED,
  GATEWAY_KILLED,
  LOG_FULL,
  CLOCK_JUMPS,
];

/** A part of a run, up to a share of its time, with what its faults may replace. */
export interface Part {
  readonly until: number;
  readonly replaces: readonly Replaces[];
}

/** A process whose memory is measured has to live for a while: first the gateway stays, in the end its child does too. */
export const PARTS: readonly Part[] = [
  { until: 0.2, replaces: ['child', 'gateway', 'nothing'] },
  { until: 0.25, replaces: ['child', 'nothing'] },
  { until: 1, replaces: ['nothing'] },
];

/** A short run has no time for that, and only one part. */
export const ONE_PART: readonly Part[] = [{ until: 1, replaces: ['child', 'gateway', 'nothing'] }];

/** Returns the faults that strike in a part of a run. */
export function planFaults(faults: readonly Fault[], { replaces }: Part): Fault[] {
  return faults.filter((fault) => replaces.includes(fault.replaces));
}

/** Returns a plan without the faults that another one in it includes. */
export function withoutIncluded(plan: readonly Fault[]): Fault[] {
  return plan.filter(({ name }) => plan.every(({ includes }) => includes !== name));
}

/** Chooses faults without end, each kind once before any comes again. */
export function* chooseFaults(random: Random, plan: readonly Fault[]): Generator<Fault> {
  while (plan.length > 0) yield* random.shuffle(plan);
}
