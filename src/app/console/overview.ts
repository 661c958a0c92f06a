import { NEVER_ABORTED } from '../../base/async/abort.ts';
import type { ConsoleService } from '../../console/console-service.ts';
import type { LiveEvents } from '../../console/live/live-events.ts';
import { feedOverview } from '../../console/overview/overview-feed.ts';
import { SERIES } from '../../console/recording/traffic.ts';
import type { ConsoleParts } from './console-parts.ts';

/** Opens what the first page shows. */
export function openOverview(
  { parts: { recorder }, status }: ConsoleParts,
  live: LiveEvents,
): Pick<ConsoleService, 'overview' | 'traffic'> {
  const seriesOf = (name: keyof typeof SERIES) => {
    const { stepMs, steps } = SERIES[name];
    return { step_ms: stepMs, steps, points: recorder.traffic.read(name) };
  };
  feedOverview({ live, recorder, read: () => status(NEVER_ABORTED) });
  return {
    overview: status,
    traffic: () => ({ hour: seriesOf('hour'), day: seriesOf('day') }),
  };
}
