import { expect, test } from 'vitest';
import { describeObservation } from '../../../src/app/log/describe-observation.ts';
import type { EndedRequest, ObservedFailure } from '../../../src/base/observation.ts';

const REQUEST: EndedRequest = {
  id: 'req_1',
  method: 'POST',
  path: '/v1/responses',
  client: 'curl',
  ms: 12,
  ignored: [],
  adjusted: [],
  failure: undefined,
};

const FAILURE: ObservedFailure = {
  isOwn: false,
  outcome: 'invalid_value',
  code: 'invalid_value',
  kind: 'invalid_value',
  param: 'n',
  problem: "Invalid 'n'",
  facts: { retries: 2 },
};

test('a request becomes a line that has its facts, and then how it ended', () => {
  const line = describeObservation({
    type: 'request-end',
    status: 200,
    request: {
      ...REQUEST,
      model: 'gpt-5.2',
      usage: { inputTokens: 5, cachedInputTokens: 1, outputTokens: 7, reasoningTokens: 2, estimated: true },
      ignored: ['seed', 'seed', 'user'],
    },
  });
  expect(line).toMatchObject({ level: 'info', message: 'request' });
  expect(JSON.stringify(line?.fields)).toBe(
    '{"id":"req_1","method":"POST","path":"/v1/responses","model":"gpt-5.2","inputTokens":5,"cachedTokens":1,' +
      '"outputTokens":7,"estimated":true,"status":200,"client":"curl","ms":12,"ignored":"seed, user"}',
  );
});

test.each([
  [200, undefined, 'info'],
  [404, undefined, 'warn'],
  [499, undefined, 'info'],
  [200, FAILURE, 'warn'],
  [500, { ...FAILURE, isOwn: true }, 'error'],
] as const)('a request with status %i and failure %j is logged as %s', (status, failure, level) => {
  expect(describeObservation({ type: 'request-end', status, request: { ...REQUEST, failure } })?.level).toBe(
    level,
  );
});

test.each([
  ['a file of the page', { method: 'GET', route: '/console/assets/:file' }, 200, 'debug'],
  ['what the page asks to show itself', { method: 'GET', route: '/v1/models', isOfPage: true }, 200, 'debug'],
  ['a turn in the Playground', { method: 'POST', route: '/v1/responses', isOfPage: true }, 200, 'info'],
  ['a refusal by the console', { method: 'POST', route: '/console/tokens', isOfPage: true }, 403, 'warn'],
])('of the console, %s is logged at its own level', (_, facts, status, level) => {
  const line = describeObservation({ type: 'request-end', status, request: { ...REQUEST, ...facts } });
  expect(line?.level).toBe(level);
  expect(line?.fields).not.toHaveProperty('isOfPage');
});

test('the name of a model that a caller has made up is not logged', () => {
  expect(describeObservation({ type: 'model-asked', model: 'secret' })).toBeUndefined();
});

test('a failure shows its code, its parameter, its problem and its facts', () => {
  expect(describeObservation({ type: 'further-failure', id: 'req_1', failure: FAILURE })).toEqual({
    level: 'warn',
    message: 'a failure after the first',
    fields: { id: 'req_1', code: 'invalid_value', param: 'n', problem: "Invalid 'n'", retries: 2 },
  });
});

test('a line names a limited number of paths', () => {
  const ignored = Array.from({ length: 23 }, (_, index) => `field${index}`);
  const line = describeObservation({
    type: 'response-end',
    outcome: 'completed',
    request: { ...REQUEST, ignored },
  });
  expect(line?.fields.ignored).toMatch(/^field0, .*field19, and 3 more$/);
});

test('the log leaves out observations that are only for counting', () => {
  expect(describeObservation({ type: 'turn-queued', running: 4, waiting: 1 })).toBeUndefined();
});
