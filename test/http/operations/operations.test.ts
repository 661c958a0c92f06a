import { expect, it } from 'vitest';
import { createOperations } from '../../../src/http/operations/operations.ts';
import { encodeError } from '../../../src/openai/vocabulary/error-body.ts';

const { resolve } = createOperations({
  status: async () => ({}),
  usage: async () => ({}),
  readiness: async () => [],
  metrics: async () => ({ contentType: 'text/plain', text: '' }),
  encodeError,
});

it.each([
  ['/healthz', '/healthz'],
  ['//healthz/', '/healthz'],
  ['/readyz', '/readyz'],
  ['/HealthZ', '/HealthZ'],
  ['/healthz/x', '/healthz/x'],
  ['/status', '/status'],
  ['/metrics/', '/metrics'],
  ['/v1/usage', '/v1/usage'],
  ['/usage/', '/v1/usage'],
  ['//v1//v1/usage', '/v1/usage'],
  ['/openai/v1/usage', '/v1/usage'],
])('the path %s is one of the gateway’s own, and is mapped to %s', (path, expected) => {
  expect(resolve(path)).toEqual({ path: expected });
});

it.each([
  '/v1/healthz',
  '/v1/status',
  '/openai/healthz',
  '/healthzx',
  '/usage/x',
  '/v1/v1/v1/usage',
  '/',
  '',
])('the path %j is not one of the gateway’s own', (path) => {
  expect(resolve(path)).toBeUndefined();
});
