import type { RequestEvent, RequestPage, RequestRow } from '../../../src/console/contract/requests.ts';

/** Returns a list of all requests with what an event tells of them. */
export function mergeRequests(page: RequestPage, event: RequestEvent, size: number): RequestPage {
  const rows = new Map(page.requests.map((row) => [row.number, row]));
  const newest = page.requests[0]?.number ?? -1;
  let added = 0;
  for (const row of event.requests) {
    const known = rows.get(row.number);
    if (known === undefined && row.number <= newest) continue;
    if (known === undefined) added += 1;
    if (known === undefined || known.is_running) rows.set(row.number, row);
  }
  const requests = [...rows.values()].toSorted((one, other) => other.number - one.number);
  const came = added + event.left_out;
  return {
    ...page,
    requests: requests.slice(0, Math.max(size, page.requests.length)),
    matching: Math.min(page.matching + came, page.count),
    held: Math.min(page.held + came, page.count),
    models: withNames(page.models, event.requests, 'model'),
    keys: withNames(page.keys, event.requests, 'key'),
  };
}

function withNames(
  names: readonly string[],
  rows: readonly RequestRow[],
  field: 'model' | 'key',
): RequestPage['models'] {
  const all = new Set([...names, ...rows.map((row) => row[field]).filter((name) => name !== null)]);
  return all.size === names.length ? [...names] : [...all].toSorted();
}
