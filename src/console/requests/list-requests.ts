import type { RequestPage, RequestQuery, RequestRow } from '../contract/requests.ts';
import type { LoggedRequest } from '../recording/request-log.ts';
import { encodeRequest } from './encode-request.ts';

/** Returns the part of the log that a query asks for. */
export function listRequests(
  log: readonly LoggedRequest[],
  query: RequestQuery,
): Omit<RequestPage, 'count' | 'keeps_bodies'> {
  const { before = Infinity, limit } = query;
  const rows = log.map(encodeRequest);
  const matches = createMatcher(query);
  const matching = rows.filter(matches);
  return {
    requests: matching.filter(({ number }) => number < before).slice(0, limit),
    matching: matching.length,
    held: rows.length,
    newest: rows[0]?.number ?? -1,
    models: distinct(rows.map(({ model }) => model)),
    keys: distinct(rows.map(({ key }) => key)),
  };
}

function createMatcher({ search, show, model, key }: RequestQuery): (row: RequestRow) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return (row) =>
    SHOWN[show](row) &&
    (model === undefined || row.model === model) &&
    (key === undefined || row.key === key) &&
    (words.length === 0 || hasWords(row, words));
}

const SHOWN: Readonly<Record<RequestQuery['show'], (row: RequestRow) => boolean>> = {
  all: () => true,
  running: (row) => row.is_running,
  failed: (row) => !row.is_running && row.outcome !== 'ok',
  ok: (row) => row.outcome === 'ok',
};

function hasWords(row: RequestRow, words: readonly string[]): boolean {
  const { method, path, model, asked_model: asked, key, client, status, id } = row;
  const text = [method, path, model, asked, key, client, status, id, ...resultWords(row)]
    .join(' ')
    .toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Returns the words by which the result of a request is known, also those that the page shows in place of a code. */
function resultWords({ is_running: isRunning, outcome }: RequestRow): (string | null)[] {
  if (isRunning) return ['running'];
  return outcome === 'client_gone' ? [outcome, 'client left'] : [outcome];
}

function distinct(values: readonly (string | null)[]): string[] {
  return [...new Set(values.filter((value) => value !== null))].toSorted();
}
