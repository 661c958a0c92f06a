/** The calls that a person wants to see; '' lets all through. */
export interface AuditFilter {
  readonly tool: string;
  readonly key: string;
  readonly assistant: string;
  readonly show: string;
  readonly period: string;
}

export const ALL_CALLS: AuditFilter = { tool: '', key: '', assistant: '', show: 'all', period: '' };

/** Hours of each period. */
const HOURS: Readonly<Record<string, number>> = { hour: 1, day: 24, week: 168 };

/** Returns the path of the calls that match. */
export function auditPath(filter: AuditFilter, limit: number, now: number): string {
  const { period, ...names } = filter;
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(names)) if (value !== '') query.set(name, value);
  const hours = HOURS[period];
  if (hours !== undefined) query.set('since', String(now - hours * 3_600_000));
  return `console/audit?${query.toString()}`;
}
