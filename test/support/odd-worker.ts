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
  devour: () => {
    const eaten: object[] = [];
    for (;;) eaten.push({ eaten: [...eaten] });
  },
} satisfies Record<string, () => unknown>;

export type Deed = keyof typeof deeds;

serveJobs((deed: Deed) => deeds[deed]());
