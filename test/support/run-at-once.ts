import type { Steps } from '../../src/base/async/steps.ts';

/** Does work at once that the gateway does in slices. */
export function runAtOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}
