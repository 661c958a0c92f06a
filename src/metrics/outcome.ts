import type { Observation } from '../base/observation.ts';

/** Status of a request whose client has left before its answer, as the HTTP side reports it. */
const LEFT = 499;

/** Status of a connection that has become a WebSocket: each response on it is counted by itself. */
export const SWITCHED = 101;

/** Returns `ok`, `client_gone`, or the code of the error with which a request or response has ended. */
export function outcomeOf(end: Extract<Observation, { type: 'request-end' | 'response-end' }>): string {
  const { failure } = end.request;
  if (failure !== undefined) return failure.outcome;
  if (end.type === 'response-end') return OUTCOMES[end.outcome] ?? 'ok';
  if (end.status === LEFT) return 'client_gone';
  return end.status < 400 ? 'ok' : 'refused';
}

/** Responses on a WebSocket and in the background that end early without an error. */
const OUTCOMES: Readonly<Record<string, string>> = {
  aborted: 'client_gone',
  cancelled: 'cancelled',
  failed: 'failed',
};
