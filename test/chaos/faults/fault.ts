import type { Random } from '../random.ts';
import type { Run } from '../run.ts';

/** The process that a fault replaces: later parts of a run leave the gateway, and then its child, alone, to measure their memory. */
export type Replaces = 'child' | 'gateway' | 'nothing';

/** Something bad that happens to a running gateway. */
export interface Fault {
  readonly name: string;
  readonly replaces: Replaces;
  /** True if other faults may strike while it lasts. */
  readonly besideOthers?: boolean;
  /** Name of another fault that it ends with: where each strikes only once, the other one need not. */
  readonly includes?: string;
  /** Makes it happen, and returns when it is over. */
  strike(run: Run, random: Random): Promise<void>;
}
