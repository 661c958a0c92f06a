import type { Observation, RequestFacts } from './observation.ts';

/** The end of a request, or of a response with an end of its own. */
export type ObservedEnd = Extract<Observation, { type: 'request-end' | 'response-end' }>;

/** Status of a request whose client has left before its answer, as the HTTP side reports it. */
const LEFT = 499;

/** Status of a connection that has become a WebSocket: each response on it is counted by itself. */
export const SWITCHED = 101;

/** Returns `ok`, `client_gone`, or the code of the error with which a request or response has ended. */
export function outcomeOf(end: ObservedEnd): string {
  const { failure, outcome } = end.request;
  if (failure !== undefined) return failure.outcome;
  if (end.type === 'response-end') return OUTCOMES[end.outcome] ?? 'ok';
  if (end.status === LEFT) return 'client_gone';
  return outcome ?? outcomeOfStatus(end.status);
}

/** Responses on a WebSocket and in the background that end early without an error. */
const OUTCOMES: Readonly<Record<string, string>> = {
  aborted: 'client_gone',
  cancelled: 'client_gone',
  failed: 'internal_error',
};

/** Returns the outcome of an answer that came from a provider as it is. */
function outcomeOfStatus(status: number): string {
  if (status < 400) return 'ok';
  return PROVIDER_CODES[status] ?? (status < 500 ? 'provider_rejected' : 'upstream_error');
}

const PROVIDER_CODES: Readonly<Record<number, string>> = {
  401: 'provider_unauthorized',
  403: 'provider_forbidden',
  429: 'rate_limit_exceeded',
};

/** Routes by which the gateway is watched; a look at the figures must not change them. */
const OWN_ROUTES: ReadonlySet<string | undefined> = new Set([
  '/',
  '/health',
  '/healthz',
  '/readyz',
  '/status',
  '/metrics',
  '/v1/usage',
]);

/** Returns true for what the console asks to show itself; what a person does with it is a request like any other. */
export function isConsoleLook({ route, method, isOfPage }: RequestFacts): boolean {
  return route?.startsWith('/console/') === true || (isOfPage === true && isLook(method));
}

/** Returns true for a method that changes nothing. */
export function isLook(method: string | undefined): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Returns true for the end of what a client asked for; a preflight is its browser's question, and the console only looks. */
export function isClientEnd(end: ObservedEnd): boolean {
  const { route, method, background = false } = end.request;
  if (OWN_ROUTES.has(route) || isConsoleLook(end.request) || method === 'OPTIONS') return false;
  return end.type === 'response-end' || (end.status !== SWITCHED && !background);
}

/** Returns true for an outcome that counts as an error. */
export function isError(outcome: string): boolean {
  return outcome !== 'ok' && outcome !== 'client_gone';
}
