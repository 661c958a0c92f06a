/** Milliseconds by unit. */
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Returns the Unix milliseconds of a time such as `2030-01-31T12:00:00Z`, or of a duration such as `8h` after `now`, or before
 * it if `direction` is -1; NaN for any other text.
 */
export function readMoment(text: string, now: number, direction: 1 | -1): number {
  const [, count, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  if (unit !== undefined) return now + direction * Number(count) * UNITS[unit]!;
  const isTime = /^\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?$/i.test(text);
  return isTime ? Date.parse(text) : NaN;
}
