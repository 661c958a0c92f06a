/** The requests that a person wants to see. */
export interface RequestFilter {
  readonly search: string;
  readonly show: 'all' | 'running' | 'failed' | 'ok';
  /** '' for all. */
  readonly model: string;
  readonly key: string;
}

/** Shows all requests. */
export const ALL: RequestFilter = { search: '', show: 'all', model: '', key: '' };

/** Requests that are shown at first, and that are added at the end of the list. */
export const PAGE_SIZE = 100;

/** Returns the path of the requests that match. */
export function listPath({ search, show, model, key }: RequestFilter, limit: number): string {
  const query = new URLSearchParams({ limit: String(limit) });
  if (search.trim() !== '') query.set('search', search.trim());
  if (show !== 'all') query.set('show', show);
  if (model !== '') query.set('model', model);
  if (key !== '') query.set('key', key);
  return `console/requests?${query.toString()}`;
}

/** Returns the filter as it is in the address; '' for all requests. */
export function writeFilter(filter: RequestFilter): string {
  const chosen = Object.entries(filter).filter(([name, value]) => value !== ALL[name as keyof RequestFilter]);
  return new URLSearchParams(chosen).toString();
}

/** Reads a filter from the address, which somebody may have typed. */
export function readFilter(query: string): RequestFilter {
  const given = new URLSearchParams(query);
  const read = (name: keyof RequestFilter) => given.get(name) ?? '';
  return {
    search: read('search'),
    show: SHOWS.find((show) => show === read('show')) ?? 'all',
    model: read('model'),
    key: read('key'),
  };
}

const SHOWS = ['all', 'running', 'failed', 'ok'] as const;
