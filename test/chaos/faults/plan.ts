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
  { until: 0.5, replaces: ['child', 'gateway', 'nothing'] },
  { until: 0.75, replaces: ['child', 'nothing'] },
  { until: 1, replaces: ['nothing'] },
];

/** A short run has no time for that, and only one part. */
export const ONE_PART: readonly Part[] = [{ until: 1, replaces: ['child', 'gateway', 'nothing'] }];

/** Chooses faults of a part, each kind once before any comes again. */
export function* chooseFaults(random: Random, faults: readonly Fault[], part: Part): Generator<Fault> {
  const possible = faults.filter(({ replaces }) => part.replaces.includes(replaces));
  while (possible.length > 0) yield* random.shuffle(possible);
}
