import { threadId } from 'node:worker_threads';
import { serveJobs } from '../../src/app/worker/serve-jobs.ts';

const deeds = {
  /** Tells which thread does it. */
  tell: () => threadId,
  throw: () => {
    throw new Error('odd');
  },
  exit: () => process.exit(3),
  hang: () => {
    for (;;);
  },
  /** Stands still for half a second, as a thread does that other processes keep from the processor. */
  stall: () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    return threadId;
  },
  devour: () => {
    const eaten: object[] = [];
    for (;;) eaten.push({ eaten: [...eaten] });
  },
} satisfies Record<string, () => unknown>;

export type Deed = keyof typeof deeds;

serveJobs((deed: Deed) => deeds[deed]());
