import type { Listening } from './listen.ts';

/** Milliseconds in which aborted requests can still send their errors, and late ones their refusals. */
const GRACE_MS = 1_000;

export interface RunningRequests {
  /** Returns the number of requests that are waited for. */
  count(): number;
  /** Returns the number of requests that came during the stop, and are refused. */
  late(): number;
  abort(): void;
  /** Refuses further requests, and closes connections that outlive their requests as soon as they are idle. */
  leave(): void;
}

/** Milliseconds between looks at what still runs. */
const SWEEP_INTERVAL_MS = 50;

/**
 * Waits for running requests, including those without a connection, and ends them once `patience` aborts. The port stays open
 * until then, so that probes and refusals are answered; after that, no more connections are accepted.
 */
export async function drain(
  { close, cutIdle, cut }: Listening,
  patience: AbortSignal,
  requests: RunningRequests,
): Promise<void> {
  requests.leave();
  await untilNoneRuns(patience, requests);
  const closed = close();
  cutIdle();
  if (requests.late() > 0) await untilTrue(() => requests.late() === 0, AbortSignal.timeout(GRACE_MS));
  // Connections that never sent a request are closed too.
  cut();
  await closed;
}

async function untilNoneRuns(patience: AbortSignal, requests: RunningRequests): Promise<void> {
  const isDone = () => requests.count() === 0;
  await untilTrue(isDone, patience);
  if (!patience.aborted) return;
  requests.abort();
  await untilTrue(isDone, AbortSignal.timeout(GRACE_MS));
}

/** Resolves once the condition is true, or the signal aborts. */
async function untilTrue(condition: () => boolean, signal: AbortSignal): Promise<void> {
  if (signal.aborted || condition()) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const sweep = setInterval(() => condition() && resolve(), SWEEP_INTERVAL_MS);
  const give = () => resolve();
  signal.addEventListener('abort', give, { once: true });
  await promise;
  signal.removeEventListener('abort', give);
  clearInterval(sweep);
}
