import type { RequestEvent, RequestPage, RequestRow } from '../../../src/console/contract/requests.ts';

/** A list of requests as the page shows it. */
export interface RequestList {
  readonly page: RequestPage;
  /** Number of requests that came since the list was loaded, and are not in it. */
  readonly leftOut: number;
}

/**
 * Returns a list of all requests with what an event tells of them.
 *
 * A list that is loaded may already know what a later event tells: requests are counted by their numbers, so that none counts twice.
 */
export function followRequests(list: RequestList, event: RequestEvent, size: number): RequestList {
  const { page } = list;
  const added = event.requests.filter(({ number }) => number > page.newest);
  const counted = countRequests(list, event);
  const came = counted.leftOut - list.leftOut;
  return {
    page: {
      ...counted.page,
      requests: mergeRows(page, event.requests).slice(0, Math.max(size, page.requests.length)),
      matching: Math.min(page.matching + came, page.count),
      held: Math.min(page.held + came, page.count),
      models: withNames(page.models, event.requests, 'model'),
      keys: withNames(page.keys, event.requests, 'key'),
    },
    leftOut: counted.leftOut - added.length,
  };
}

/** Returns a list that stands still, with the number of requests that an event adds to those that it lacks. */
export function countRequests({ page, leftOut }: RequestList, event: RequestEvent): RequestList {
  const newest = Math.max(page.newest, event.newest);
  return { page: { ...page, newest }, leftOut: leftOut + newest - page.newest };
}

function mergeRows({ requests, newest }: RequestPage, changed: readonly RequestRow[]): RequestRow[] {
  const rows = new Map(requests.map((row) => [row.number, row]));
  for (const row of changed) {
    const known = rows.get(row.number);
    if (known === undefined ? row.number > newest : known.is_running) rows.set(row.number, row);
  }
  return [...rows.values()].toSorted((one, other) => other.number - one.number);
}

function withNames(
  names: readonly string[],
  rows: readonly RequestRow[],
  field: 'model' | 'key',
): RequestPage['models'] {
  const all = new Set([...names, ...rows.map((row) => row[field]).filter((name) => name !== null)]);
  return all.size === names.length ? [...names] : [...all].toSorted();
}
