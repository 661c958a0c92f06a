import type { Random } from '../random.ts';
import type { Run } from '../run.ts';

/** Something bad that happens to a running gateway. */
export interface Fault {
  readonly name: string;
  /** Makes it happen, and returns when it is over. */
  strike(run: Run, random: Random): Promise<void>;
}
