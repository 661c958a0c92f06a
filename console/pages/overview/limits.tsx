import type { Overview } from '../../../src/console/contract/overview.ts';
import { formatMoment } from '../../format/format-time.ts';

/** Shows what is left of each limit of the account. */
export function Limits({ limits }: Pick<Overview, 'limits'>) {
  if (limits.length === 0)
    return (
      <p class="muted overview-no-limits">
        The provider has reported no limits yet. They are known after the first answer.
      </p>
    );
  return (
    <ul class="overview-limits">
      {limits.map((limit) => {
        const name = nameOf(limit.window_minutes);
        return (
          <li key={name}>
            <div class="overview-limit-head">
              <strong>{name}</strong>
              <span>{Math.round(limit.used_percent)} % used</span>
            </div>
            <meter
              aria-label={`${name}: used`}
              class={kindOf(limit.used_percent)}
              min={0}
              max={100}
              value={limit.used_percent}
            />
            <small class="muted">
              {limit.resets_at === null
                ? 'Its reset is unknown.'
                : `Resets ${formatMoment(limit.resets_at * 1000)}`}
            </small>
          </li>
        );
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

function kindOf(percent: number): string {
  if (percent >= 90) return 'bad';
  return percent >= 70 ? 'warning' : 'good';
}
