import { performance } from 'node:perf_hooks';
import type { Asked } from './provider/chaos-provider.ts';
import { fits } from './provider/treatment.ts';

/** The end of one request, as its client saw it. */
export interface Ending {
  readonly id: string;
  /** Kind of the request, such as `chat, streamed`. */
  readonly kind: string;
  readonly startedMs: number;
  readonly endedMs: number;
  /**
   * `ok`, a status with a code (`503 codex_unavailable`), or one of `cut` (no proper end), `unreachable`, `hung`, `left` (the
   * client went by itself), `lost` (something stored is not there) and `wrong`.
   */
  readonly outcome: string;
  readonly detail?: string | undefined;
  /** Seconds, as the headers of an error say. */
  readonly retryAfter?: number | undefined;
  /** The header `x-should-retry` of an error. */
  readonly shouldRetry?: string | undefined;
  /** Steps of the model that had ended before the request which this error answers; 0 by default. */
  readonly stepsBefore?: number;
  /** Requests under one key. Each may ask the model, since an answer that failed is not kept. 1 by default. */
  readonly attempts?: number;
  /** The model's own record of each of its answers. */
  readonly asked: readonly Asked[];
}

/** A time in which requests may have certain outcomes. */
export interface FaultWindow {
  readonly name: string;
  readonly startedMs: number;
  /** Undefined while it lasts. */
  endedMs: number | undefined;
  excuses(ending: Ending): boolean;
}

export interface Journal {
  /** Requests by kind and outcome, which a tab separates. */
  readonly counts: ReadonlyMap<string, number>;
  /** Faults by name. */
  readonly faults: ReadonlyMap<string, number>;
  /** Broken invariants, in words. */
  readonly violations: readonly string[];
  /** Milliseconds since the start of the traffic. */
  nowMs(): number;
  begin(): void;
  lastFault(): string;
  openWindow(name: string, excuses?: (ending: Ending) => boolean): FaultWindow;
  record(ending: Ending): void;
  violate(text: string): void;
  /** Returns true if the machine stood still for a while since this moment. */
  wasBusySince(ms: number): boolean;
  close(): void;
}

/** Time after a fault in which its consequences may still end a request. */
const GRACE_MS = 1500;

/** Time after a fault within which the gateway has to be ready again. */
const READY_MS = 10_000;

/** More say nothing new. */
const MAX_VIOLATIONS = 200;

const TICK_MS = 200;

/** A timer that is so late says that the machine gave this process no time, and the gateway neither. */
const LATE_MS = 1000;

/**
 * Records what happens in a run. Whatever can be counted instead of kept is, so that a long run stays small.
 * @param warn Hears of each violation as it is found.
 */
export function createJournal(warn: (violation: string) => void = () => {}): Journal {
  let start = performance.now();
  const windows: FaultWindow[] = [];
  const counts = new Map<string, number>();
  const faults = new Map<string, number>();
  const violations: string[] = [];
  const nowMs = () => Math.round(performance.now() - start);
  const stopWatching = watchMachine(nowMs, windows);
  function violate(text: string): void {
    if (violations.length === MAX_VIOLATIONS) return;
    const violation = `${(nowMs() / 1000).toFixed(1)} s: ${text}`;
    violations.push(violation);
    warn(violation);
  }
  return {
    counts,
    faults,
    violations,
    nowMs,
    begin() {
      start = performance.now();
      windows.length = 0;
    },
    violate,
    lastFault: () => windows.at(-1)?.name ?? 'no fault',
    openWindow(name, excuses = () => false) {
      const window: FaultWindow = { name, startedMs: nowMs(), endedMs: undefined, excuses };
      windows.push(window);
      faults.set(name, (faults.get(name) ?? 0) + 1);
      return window;
    },
    record(ending) {
      const key = `${ending.kind}\t${ending.outcome}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      const problem = judge(ending, windows);
      if (problem !== undefined) violate(problem);
    },
    wasBusySince: (ms) => windows.some(({ name, endedMs = 0 }) => name === BUSY && endedMs >= ms),
    close: stopWatching,
  };
}

const BUSY = 'machine busy';

/** Adds a window for each time in which the machine stood still. */
function watchMachine(nowMs: () => number, windows: FaultWindow[]): () => void {
  let last = nowMs();
  const timer = setInterval(() => {
    const now = nowMs();
    if (now - last > LATE_MS + TICK_MS)
      windows.push({
        name: BUSY,
        startedMs: last,
        endedMs: now,
        excuses: ({ outcome }) => outcome.endsWith('timeout'),
      });
    last = now;
  }, TICK_MS);
  return () => clearInterval(timer);
}

/** Returns the reason why a request must not have ended in this way. */
function judge(ending: Ending, windows: readonly FaultWindow[]): string | undefined {
  const { asked, outcome, attempts = 1 } = ending;
  const times = Math.max(...asked.map(({ times }) => times));
  if (times > attempts) return `${describe(ending)}: the model was asked ${times} times.`;
  if (outcome === 'left') return undefined;
  if (lacksRetryAfter(ending))
    return `${describe(ending)} without a good retry-after (${ending.retryAfter}).`;
  const advice = judgeAdvice(ending);
  if (advice !== undefined) return `${describe(ending)} ${advice}.`;
  const treatments = asked.flatMap(({ treatment }) => treatment ?? []);
  const isRight = treatments.every((treatment) => fits(treatment, outcome));
  if (isRight && (outcome === 'ok' || treatments.length > 0)) return undefined;
  // The first answer of two was right, and the other one failed as it had to.
  const last = treatments.at(-1);
  if (last !== undefined && outcome !== 'ok' && fits(last, outcome)) return undefined;
  const around = windows.filter((window) => overlaps(window, ending));
  if (outcome !== 'ok' && around.some((window) => window.excuses(ending))) return undefined;
  const names = [...new Set(around.map(({ name }) => name))].join(', ') || 'no fault';
  return `${describe(ending)} after ${treatments.join(', ') || 'nothing'} of the model, during ${names}.`;
}

/** Words of an error's message. */
export const MAY_HAVE_ASKED = /may have been asked/;

/** Errors that say nothing of what the provider has done. */
const INTERRUPTED = /^(?:503 (?:codex_unavailable|shutting_down|start_timeout)|502 upstream_error)$/;

/** Errors of a provider that is too slow. Their messages say what it did not do in time. */
const TOO_LATE = /^504 \w+$/;

/** Returns the fault in an error's advice about another attempt, which may be paid for twice once the model was asked. */
function judgeAdvice({ kind, outcome, asked, detail = '', ...ending }: Ending): string | undefined {
  // Errors of a WebSocket have no headers.
  if (kind === 'WebSocket') return undefined;
  const { shouldRetry, stepsBefore = 0 } = ending;
  const isInterrupted = INTERRUPTED.test(outcome);
  if (!isInterrupted && !TOO_LATE.test(outcome)) return undefined;
  if (isInterrupted && shouldRetry !== String(!MAY_HAVE_ASKED.test(detail)))
    return `beside x-should-retry: ${shouldRetry}`;
  // Only one of the two may have been let in.
  if (kind === 'chat, one key twice' || shouldRetry === 'false') return undefined;
  const steps = asked.reduce((sum, one) => sum + one.steps, 0);
  return steps > stepsBefore ? 'beside x-should-retry: true, though the model was asked' : undefined;
}

/** Most seconds that a client may be asked to wait for another app-server. */
const MAX_RETRY_AFTER = 5;

/** Returns true if a refusal of the gateway itself does not say when to come again. */
function lacksRetryAfter({ kind, outcome, asked, retryAfter }: Ending): boolean {
  // Its errors are messages.
  if (kind === 'WebSocket') return false;
  if (outcome === '503 codex_unavailable') return !(retryAfter! <= MAX_RETRY_AFTER);
  if (/^503 (?:shutting_down|storage_busy)$/.test(outcome)) return retryAfter === undefined;
  const isOwn = asked.every(({ treatment }) => treatment === undefined);
  return outcome.startsWith('429 ') && isOwn && retryAfter === undefined;
}

function overlaps({ startedMs, endedMs = Infinity }: FaultWindow, ending: Ending): boolean {
  const graceMs = ending.outcome.startsWith('503 unready') ? READY_MS : GRACE_MS;
  return startedMs <= ending.endedMs && endedMs + graceMs >= ending.startedMs;
}

function describe({ kind, id, outcome, detail, startedMs, endedMs }: Ending): string {
  const took = `${startedMs}–${endedMs} ms`;
  return `${kind} ${id} (${took}) ended with ${outcome}${detail === undefined ? '' : ` (${detail})`}`;
}
