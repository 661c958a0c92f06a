import type { Observation } from '../base/observation.ts';

/** Figures that are read at the moment at which somebody asks. */
export interface MetricsSources {
  /** Turns that run and that wait for a place. */
  turns(): { readonly running: number; readonly waiting: number };
  /** Bytes of memory of the child processes. */
  childMemoryBytes(): Promise<number>;
  /** Bytes that the database of stored responses takes on the disk. */
  storeBytes(): Promise<number>;
  /** The configured limits by name. */
  readonly limits: Readonly<Record<string, number>>;
  /** The limits of the account, as far as they are known. */
  accountLimits(): readonly AccountLimit[];
}

interface AccountLimit {
  readonly windowMinutes: number | null;
  readonly usedPercent: number;
  /** Unix seconds. */
  readonly resetsAt: number | null;
}

/** An observation with the facts about its request that were observed before. */
export interface Noted {
  readonly observation: Observation;
  /** Name of the token of the caller; '' without one. */
  readonly key: string;
  /** Id of an existing model; '' without one. */
  readonly model: string;
}
