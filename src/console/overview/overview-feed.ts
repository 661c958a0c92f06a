import type { Overview } from '../contract/overview.ts';
import type { LiveEvents } from '../live/live-events.ts';
import type { ConsoleRecorder } from '../recording/console-recorder.ts';
import { SERIES } from '../recording/traffic.ts';

export interface OverviewFeedOptions {
  readonly live: Pick<LiveEvents, 'isFollowed' | 'publish'>;
  readonly recorder: Pick<ConsoleRecorder, 'watch' | 'traffic'>;
  /** Returns the state of the moment. */
  read(): Promise<Overview>;
}

export interface OverviewFeed {
  /** Publishes what nobody observes, at the same pace. */
  refresh(): void;
}

/** Milliseconds between two events: nobody reads faster, and all that happens between them costs as much as one request. */
const PACE_MS = 1_000;

/** Milliseconds for which the first change waits for those that come with it. */
const FIRST_MS = 50;

/** Publishes the state after a change, at a pace that people can read, and only while somebody follows. */
export function feedOverview({ live, recorder, read }: OverviewFeedOptions): OverviewFeed {
  let timer: NodeJS.Timeout | undefined;
  /** Runs out when the next step of the charts begins. */
  let stepTimer: NodeJS.Timeout | undefined;
  let publishedAt = -Infinity;
  let countedAt = Date.now();
  let latest = '';
  /** True if something was observed since the state was last read. */
  let hasNews = false;

  async function publish(): Promise<void> {
    publishedAt = performance.now();
    const since = countedAt;
    countedAt = Date.now();
    const hour = recorder.traffic.read('hour', since);
    if (hour.length > 0) live.publish('traffic', { hour, day: recorder.traffic.read('day', since) });
    const overview = await read();
    // A change of the memory alone is not worth an event.
    const news = JSON.stringify({ ...overview, memory: undefined });
    if (news !== latest) live.publish('overview', overview);
    latest = news;
    const { running, waiting } = overview.turns;
    clearTimeout(stepTimer);
    if (running + waiting > 0) scheduleStep();
  }

  /** Publishes the step that begins next as well: turns that run count in it, though nothing is observed of them. */
  function scheduleStep(): void {
    const { stepMs } = SERIES.hour;
    stepTimer = setTimeout(schedule, stepMs - (Date.now() % stepMs)).unref();
  }

  function schedule(): void {
    hasNews = true;
    if (timer !== undefined || !live.isFollowed) return;
    const waitMs = Math.max(FIRST_MS, publishedAt + PACE_MS - performance.now());
    timer = setTimeout(() => {
      hasNews = false;
      void publish()
        // The next change tells it.
        .catch(() => {})
        .finally(() => {
          timer = undefined;
          if (hasNews) schedule();
        });
    }, waitMs).unref();
  }

  recorder.watch({
    onObservation({ type }) {
      // To read the state means to call the store, which changes nothing.
      if (type !== 'store-call') schedule();
    },
  });
  return { refresh: schedule };
}
