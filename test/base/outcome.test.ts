import { expect, it } from 'vitest';
import { outcomeOf } from '../../src/base/outcome.ts';

const REQUEST = { id: 'req_1', client: undefined, ms: 1, ignored: [], adjusted: [], failure: undefined };

it.each([
  ['completed', 'ok'],
  ['incomplete', 'ok'],
  ['aborted', 'client_gone'],
  ['cancelled', 'client_gone'],
  ['failed', 'internal_error'],
])('a response that is %s without an error has the outcome %s', (outcome, expected) => {
  expect(outcomeOf({ type: 'response-end', outcome, request: REQUEST })).toBe(expected);
});

it.each([
  [204, 'ok'],
  [400, 'provider_rejected'],
  [401, 'provider_unauthorized'],
  [403, 'provider_forbidden'],
  [422, 'provider_rejected'],
  [429, 'rate_limit_exceeded'],
  [499, 'client_gone'],
  [503, 'upstream_error'],
])('an answer that is passed on with the status %i has the outcome %s', (status, expected) => {
  expect(outcomeOf({ type: 'request-end', status, request: REQUEST })).toBe(expected);
});
