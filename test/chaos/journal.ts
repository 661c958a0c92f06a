import { performance } from 'node:perf_hooks';

/** The end of one request, as its client saw it. */
export interface Ending {
  readonly id: string;
  /** Kind of the request, such as `chat stream`. */
  readonly kind: string;
  readonly startedMs: number;
  readonly endedMs: number;
  /**
   * `ok`, a status with a code (`503 codex_unavailable`), or one of `cut` (no proper end), `unreachable`, `hung`, `left` (the
   * client went by itself) and `wrong`.
   */
  readonly outcome: string;
  readonly detail?: string | undefined;
  /** Times that the model was asked for this answer. */
  readonly asked: number;
}

/** A fault, and outcomes that requests may have because of it. */
export interface FaultWindow {
  readonly name: string;
  readonly startedMs: number;
  /** Undefined while the fault lasts. */
  endedMs: number | undefined;
  excuses(ending: Ending): boolean;
}

export interface Journal {
  readonly windows: readonly FaultWindow[];
  /** Requests by kind and outcome. */
  readonly counts: ReadonlyMap<string, number>;
  /** Faults by name. */
  readonly faults: ReadonlyMap<string, number>;
  /** Broken invariants, in words. */
  readonly violations: readonly string[];
  /** Milliseconds since the start of the traffic. */
  nowMs(): number;
  begin(): void;
  openWindow(name: string, excuses: (ending: Ending) => boolean): FaultWindow;
  record(ending: Ending): void;
  violate(text: string): void;
}

/** Time after a fault in which its consequences may still end a request. */
const GRACE_MS = 1000;

/** More say nothing new. */
const MAX_VIOLATIONS = 200;

/** The events of a run. Those that are only counted stay small in a long one. */
export function createJournal(): Journal {
  let start = performance.now();
  const windows: FaultWindow[] = [];
  const counts = new Map<string, number>();
  const faults = new Map<string, number>();
  const violations: string[] = [];
  const nowMs = () => Math.round(performance.now() - start);
  function violate(text: string): void {
    if (violations.length < MAX_VIOLATIONS) violations.push(`${(nowMs() / 1000).toFixed(1)} s: ${text}`);
  }
  return {
    windows,
    counts,
    faults,
    violations,
    nowMs,
    begin() {
      start = performance.now();
    },
    violate,
    openWindow(name, excuses) {
      const window: FaultWindow = { name, startedMs: nowMs(), endedMs: undefined, excuses };
      windows.push(window);
      faults.set(name, (faults.get(name) ?? 0) + 1);
      return window;
    },
    record(ending) {
      const key = `${ending.kind}\t${ending.outcome}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (ending.asked > 1) violate(`${describe(ending)}: the model was asked ${ending.asked} times.`);
      if (ending.outcome === 'ok' || ending.outcome === 'left') return;
      const around = windows.filter((window) => overlaps(window, ending));
      if (around.some((window) => window.excuses(ending))) return;
      const names = around.map(({ name }) => name).join(', ') || 'no fault';
      violate(`${describe(ending)} during ${names}.`);
    },
  };
}

function overlaps({ startedMs, endedMs = Infinity }: FaultWindow, ending: Ending): boolean {
  return startedMs <= ending.endedMs && endedMs + GRACE_MS >= ending.startedMs;
}

function describe({ kind, id, outcome, detail, startedMs, endedMs }: Ending): string {
  const took = `${startedMs}–${endedMs} ms`;
  return `${kind} ${id} (${took}) ended with ${outcome}${detail === undefined ? '' : ` (${detail})`}`;
}
