import { expect, it } from 'vitest';
import { canonicalPath, resolvePath } from '../../../src/http/openai/spellings.ts';
import { cpuTimeOf } from '../../support/cpu-time.ts';

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
  ['/v1/healthz', '/v1/healthz'],
  ['/v1', '/v1'],
  ['/v1/', '/v1'],
  ['/', '/'],
  ['//', '/'],
  ['', '/'],
])('maps the path %s to %s', (path, expected) => {
  expect(canonicalPath(path)).toEqual({ path: expected });
});

it.each([
  ['/openai/v1/responses', '/v1/responses'],
  ['/openai/responses', '/v1/responses'],
  ['/OpenAI/v1/', '/v1'],
  ['/openai', '/'],
  ['/openai/models/a//b', '/v1/models/a//b'],
  ['/openai/deployments', '/v1/deployments'],
  ['/openai/deployments/gpt-5.5', '/v1/deployments/gpt-5.5'],
  ['/openai/deployments/gpt-5.5/nonsense', '/v1/deployments/gpt-5.5/nonsense'],
  ['/openaix/models', '/v1/openaix/models'],
])('maps the Azure path %s to %s', (path, expected) => {
  expect(canonicalPath(path)).toEqual({ path: expected });
});

it.each([
  ['/openai/deployments/gpt-5.5/chat/completions', '/v1/chat/completions', 'gpt-5.5'],
  ['//openai//deployments//gpt-5.5//completions/', '/v1/completions', 'gpt-5.5'],
  ['/openai/deployments/team/large/v1/responses/compact', '/v1/responses/compact', 'team/large'],
  ['/openai/deployments/team%2Flarge/responses', '/v1/responses', 'team/large'],
  ['/openai/deployments/chat/chat/completions', '/v1/chat/completions', 'chat'],
  ['/openai/deployments/odd%/models/x//y', '/v1/models/x//y', 'odd%'],
  ['/openai/deployments/a/embeddings', '/v1/embeddings', 'a'],
])('maps the Azure path %s to %s for the deployment %s', (path, expected, deployment) => {
  expect(canonicalPath(path)).toEqual({ path: expected, deployment });
});

it('maps a path of 200,000 slashes within half a second', () => {
  const path = `/v1/models/a${'/'.repeat(100_000)}b${'/'.repeat(100_000)}`;
  const time = cpuTimeOf(() => {
    canonicalPath(path);
    canonicalPath('/'.repeat(200_000));
    canonicalPath(`/openai/deployments/${'/v1'.repeat(70_000)}`);
    canonicalPath(`/openai/deployments/a${'/'.repeat(200_000)}`);
  });
  expect(time).toBeLessThan(500);
});

it.each([
  '/v1',
  '/v1/nonsense',
  '/models',
  '/V1/Models',
  '//chat/completions',
  '/openai',
  '/openai/nonsense',
  '/embeddings',
  '/files/x',
])('the path %s is one of OpenAI’s API', (path) => {
  expect(resolvePath(path)).toEqual(canonicalPath(path));
});

it.each(['/', '', '/nonsense', '/healthz', '/openaix/models', '/nonsense/v1/models'])(
  'the path %j is not part of OpenAI’s API',
  (path) => {
    expect(resolvePath(path)).toBeUndefined();
  },
);
