import { expect, it } from 'vitest';
import { canonicalPath } from '../../src/http/canonical-path.ts';

it.each([
  ['/v1/models', '/v1/models'],
  ['/models', '/v1/models'],
  ['/models/', '/v1/models'],
  ['//v1//models', '/v1/models'],
  ['/v1/models///', '/v1/models'],
  ['/v1/v1/models', '/v1/models'],
  ['/v1/v1/v1/models', '/v1/v1/models'],
  ['/v1//chat/completions/', '/v1/chat/completions'],
  ['/chat//completions', '/v1/chat/completions'],
  ['/V1/Chat/Completions', '/V1/Chat/Completions'],
  ['/v1//responses//resp_1//cancel/', '/v1/responses/resp_1/cancel'],
  ['/v1/models/a', '/v1/models/a'],
  ['/models/a/', '/v1/models/a'],
  ['/v1/models/a/b', '/v1/models/a/b'],
  ['/v1/models/a//b', '/v1/models/a//b'],
  ['//v1//models//a//b//', '/v1/models/a//b'],
  ['/v1/v1/models/v1/models/c', '/v1/models/v1/models/c'],
  ['/v1/models/a%2Fb', '/v1/models/a%2Fb'],
  ['/healthz', '/healthz'],
  ['//healthz/', '/healthz'],
  ['/status', '/status'],
  ['/v1/healthz', '/v1/healthz'],
  ['/v1', '/v1'],
  ['/v1/', '/v1'],
  ['/', '/'],
  ['//', '/'],
  ['', '/'],
])('%s leads to %s', (path, expected) => {
  expect(canonicalPath(path)).toBe(expected);
});

it('takes no time for a path of slashes', () => {
  const path = `/v1/models/a${'/'.repeat(100_000)}b${'/'.repeat(100_000)}`;
  const start = performance.now();
  canonicalPath(path);
  canonicalPath('/'.repeat(200_000));
  expect(performance.now() - start).toBeLessThan(500);
});
