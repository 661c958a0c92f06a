import type { Overview } from '../../../src/console/contract/overview.ts';
import { formatMoment } from '../../format/format-time.ts';
import { explainNoLimits } from './explain-no-limits.ts';
import { LimitBar } from './limit-bar.tsx';

/** Shows what is left of each limit of the account. */
export function Limits({ overview }: { readonly overview: Overview }) {
  const { limits } = overview;
  if (limits.length === 0) return <p class="muted overview-no-limits">{explainNoLimits(overview)}</p>;
  return (
    <ul class="overview-limits">
      {limits.map((limit) => {
        const name = nameOf(limit.window_minutes);
        const note =
          limit.resets_at === null
            ? 'Its reset is unknown.'
            : `Resets ${formatMoment(limit.resets_at * 1000)}`;
        return <LimitBar key={name} name={name} usedPercent={limit.used_percent} note={note} />;
      })}
    </ul>
  );
}

const UNITS = [
  [10_080, 'week'],
  [1_440, 'day'],
  [60, 'hour'],
  [1, 'minute'],
] as const;

function nameOf(minutes: number | null): string {
  if (minutes === null) return 'Limit';
  const [length, unit] = UNITS.find(([each]) => minutes >= each && minutes % each === 0) ?? UNITS[3];
  const count = Math.round(minutes / length);
  return count === 1 ? `Limit of a ${unit === 'hour' ? 'single hour' : unit}` : `Limit of ${count} ${unit}s`;
}
