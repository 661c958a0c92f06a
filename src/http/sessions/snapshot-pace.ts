import type { ChangeName } from '../../sessions/events/event-log.ts';

/** Snapshots in a second at most. */
const MAX_PER_SECOND = 10;

/** Milliseconds between snapshots that only show progress: some are left for what a client waits for. */
const PROGRESS_MS = 125;

/** Part of the time that making snapshots may take. */
const MAX_SHARE = 0.1;

/** Names that only say that something has changed. */
const PROGRESS: ReadonlySet<ChangeName> = new Set<ChangeName>(['session.event', 'session.updated']);

/** The changes that a reader has not heard of yet, and when it may hear of them. */
export interface SnapshotPace {
  add(name: ChangeName): void;
  /** Returns the milliseconds to wait before the next snapshot; undefined if there is nothing to send. */
  waitMs(): number | undefined;
  /** Takes the next name. */
  take(): ChangeName | undefined;
  /** Notes that a snapshot was sent. */
  sent(tookMs: number): void;
}

/** @param now Returns milliseconds. */
export function createSnapshotPace(now: () => number): SnapshotPace {
  const names: ChangeName[] = [];
  /** Times of the last snapshots. */
  const times: number[] = [];
  let progressMs = PROGRESS_MS;
  return {
    add(name) {
      // Each snapshot is whole, so that a name in a row says nothing new, and this one says nothing beside others.
      if (names.at(-1) === name || (name === 'session.updated' && names.length > 0)) return;
      if (names[0] === 'session.updated') names.shift();
      const isKnown = names.length >= MAX_PER_SECOND && names.includes(name);
      if (isKnown) names.splice(names.indexOf(name), 1);
      names.push(name);
    },
    waitMs() {
      if (names.length === 0) return undefined;
      const time = now();
      const first = times.length < MAX_PER_SECOND ? 0 : times[0]! + 1_000 - time;
      const isProgress = names.every((name) => PROGRESS.has(name));
      const last = times.at(-1) ?? -Infinity;
      const isEarly = isProgress && time < last + progressMs;
      // Readers of one session wait for the same moment, so that they share one snapshot.
      const moment = Math.ceil((last + progressMs / 2) / progressMs) * progressMs;
      return Math.max(0, first, isEarly ? moment - time : 0);
    },
    take: () => names.shift(),
    sent(tookMs) {
      times.push(now());
      if (times.length > MAX_PER_SECOND) times.shift();
      progressMs = Math.max(PROGRESS_MS, tookMs / MAX_SHARE);
    },
  };
}
