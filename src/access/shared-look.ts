import { withTimeout } from '../base/async/with-timeout.ts';

/** A look at the disk that several requests share. */
export interface SharedLook {
  /** Begins a look unless one is under way, and waits for it, but not longer than a disk that works needs. */
  run(): Promise<void>;
  /** Waits in the same way for a look that is under way. */
  join(): Promise<void>;
  /** Returns true if the look under way takes too long to wait for it. */
  isLate(): boolean;
}

/** Maximum milliseconds that requests wait for a look, from its beginning. A disk of a network may never answer. */
const MAX_WAIT_MS = 1_000;

/** Parts of that time, between which a process that was busy hears what its disk has answered meanwhile. */
const WAIT_PARTS = 20;

async function isDoneInTime(looking: Promise<void>): Promise<boolean> {
  for (let part = 0; part < WAIT_PARTS; part += 1)
    if ((await withTimeout(looking, MAX_WAIT_MS / WAIT_PARTS)) !== 'timeout') return true;
  return false;
}

/** @param look Must not reject. */
export function createSharedLook(look: () => Promise<void>): SharedLook {
  let isPending = false;
  let isLate = false;
  let waiting: Promise<unknown> = Promise.resolve();

  async function begin(): Promise<void> {
    isPending = true;
    const looking = look().finally(() => {
      isPending = false;
      isLate = false;
    });
    if (!(await isDoneInTime(looking))) isLate = true;
  }

  return {
    async run() {
      if (!isPending) waiting = begin();
      await waiting;
    },
    async join() {
      if (isPending) await waiting;
    },
    isLate: () => isLate,
  };
}
