import type { TrafficPoint, TrafficSeries } from '../../../src/console/contract/traffic.ts';

/** Returns a series with the steps that have changed, and without those that are too old. */
export function mergePoints(
  series: TrafficSeries,
  changed: readonly TrafficPoint[],
  now: number,
): TrafficSeries {
  if (changed.length === 0) return series;
  const points = new Map([...series.points, ...changed].map((point) => [point.at, point]));
  const oldest = now - series.step_ms * series.steps;
  const kept = [...points.values()].filter(({ at }) => at >= oldest);
  return { ...series, points: kept.toSorted((a, b) => a.at - b.at) };
}

const NOTHING = {
  requests: 0,
  errors: 0,
  input_tokens: 0,
  output_tokens: 0,
  running: 0,
  waiting: 0,
  first_token: null,
};

/** Returns a point for each step up to now, oldest first: also for those in which nothing happened. */
export function fillSteps({ step_ms: stepMs, steps, points }: TrafficSeries, now: number): TrafficPoint[] {
  const known = new Map(points.map((point) => [point.at, point]));
  const latest = Math.floor(now / stepMs) * stepMs;
  return Array.from({ length: steps }, (_, place) => {
    const at = latest - (steps - 1 - place) * stepMs;
    return known.get(at) ?? { ...NOTHING, at };
  });
}

export function sumOf(points: readonly TrafficPoint[], read: (point: TrafficPoint) => number): number {
  return points.reduce((sum, point) => sum + read(point), 0);
}

export function mostOf(points: readonly TrafficPoint[], read: (point: TrafficPoint) => number): number {
  return points.reduce((most, point) => Math.max(most, read(point)), 0);
}
