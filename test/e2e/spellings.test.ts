import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { TOKEN } from '../support/gateway.ts';
import { say } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({
  config: {
    models: [
      { id: 'gpt-5.5' },
      { id: 'team/large', model: 'gpt-5.5' },
      { id: 'odd//name', model: 'gpt-5.5' },
    ],
  },
});

const CHAT = JSON.stringify({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] });
const TEXT = JSON.stringify({ model: 'gpt-5.5', prompt: 'hello' });

const post = (path: string, body: string, headers = {}) =>
  gateway.fetch(path, { method: 'POST', body, headers });

/** Ways to write the path of a route under `v1`. */
const spellings = (path: string) => [
  path,
  `${path}/`,
  `/v1${path}`,
  `/v1${path}/`,
  `/v1/v1${path}`,
  `//v1/${path}`,
  `/v1/${path.replaceAll('/', '//')}//`,
];

describe('another spelling of a path', () => {
  it.each(spellings('/chat/completions'))('reaches the route with POST %s', async (path) => {
    gateway.upstream.use(say('Hello.'));
    const response = await post(path, CHAT);
    expect(await response.json()).toMatchObject({ choices: [{ message: { content: 'Hello.' } }] });
  });

  it.each(spellings('/completions'))('reaches the route with POST %s', async (path) => {
    gateway.upstream.use(say('Hello.'));
    expect(await (await post(path, TEXT)).json()).toMatchObject({ choices: [{ text: 'Hello.' }] });
  });

  it.each(spellings('/models'))('reaches the route with GET %s', async (path) => {
    expect(await (await gateway.fetch(path)).json()).toMatchObject({ object: 'list' });
  });

  it.each(spellings('/models/gpt-5.5'))('reaches the route with GET %s', async (path) => {
    expect(await (await gateway.fetch(path)).json()).toMatchObject({ id: 'gpt-5.5' });
  });

  it('reaches the models with a query', async () => {
    expect((await gateway.fetch('/models/?limit=1')).status).toBe(200);
  });
});

it.each(['http://localhost//models/?a=b', 'http://localhost/v1/models', '//models/?a=/b//c'])(
  'the request line GET %s, as a proxy may write it, reaches the models',
  async (path) => {
    const { hostname, port } = new URL(gateway.running.origin);
    const headers = { authorization: `Bearer ${TOKEN}` };
    const [response] = (await once(request({ hostname, port, path, headers }).end(), 'response')) as [
      IncomingMessage,
    ];
    expect([response.statusCode, JSON.parse(await text(response))]).toMatchObject([200, { object: 'list' }]);
  },
);

it.each([
  ['/models/team/large', 'team/large'],
  ['//v1//models//team/large/', 'team/large'],
  ['/v1/models/team%2Flarge', 'team/large'],
  ['/v1/models/odd//name', 'odd//name'],
  ['/models/odd%2F%2Fname', 'odd//name'],
])('GET %s returns the model %s', async (path, id) => {
  expect(await (await gateway.fetch(path)).json()).toMatchObject({ id });
});

it('two spellings with one Idempotency-Key are one request', async () => {
  gateway.upstream.use(say('Hello.'));
  const headers = { 'idempotency-key': 'spelled' };
  const first = await (await post('/v1/chat/completions', CHAT, headers)).text();
  expect(await (await post('//chat/completions/', CHAT, headers)).text()).toBe(first);
  expect(gateway.upstream.requests).toHaveLength(1);
});

it('the gateway’s own routes have no other spelling', async () => {
  expect((await fetch(`${gateway.running.origin}/healthz/`)).status).toBe(200);
  expect((await gateway.fetch('/status')).status).toBe(200);
  for (const path of ['/v1/healthz', '/v1/status', '/v1', '/']) {
    expect((await gateway.fetch(path)).status).toBe(404);
  }
});

it.each(['/models', '//v1//models', '/v1/v1/models', '/healthz/x', '/v1/healthz'])(
  '%s needs the token',
  async (path) => {
    expect((await fetch(`${gateway.running.origin}${path}`)).status).toBe(401);
  },
);

it('a wrong method gets a 405 in every spelling, and the error has the path as sent', async () => {
  const response = await gateway.fetch('//chat/completions/');
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await response.text()).toContain('//chat/completions/ answers POST, not GET.');
});

it('the log has the path as sent', async () => {
  const response = await gateway.fetch('//models/');
  await response.text();
  const id = response.headers.get('x-request-id')!;
  await expect
    .poll(() => gateway.log.lines.find((line) => line.startsWith('info request') && line.includes(id)))
    .toContain('"path":"//models/","status":200');
});

describe('a route that OpenAI has and Codex lacks', () => {
  it.each([
    ['/v1/embeddings', 'Codex has no embeddings.'],
    ['/embeddings/', 'Codex has no embeddings.'],
    ['/v1/audio/speech', 'Codex has no speech'],
    ['/v1//images//generations', 'Codex has no API for images.'],
    ['/v1/moderations', 'Codex has no moderations.'],
    ['/v1/files', 'Codex has no files.'],
    ['/v1/assistants/asst_1', 'Codex has no assistants.'],
  ])('POST %s gets a 404 that says so', async (path, told) => {
    const response = await post(path, '{}');
    const { error } = (await response.json()) as { error: { message: string } };
    expect([response.status, error]).toMatchObject([
      404,
      { type: 'invalid_request_error', code: 'unknown_url', param: null },
    ]);
    expect(error.message).toContain(`Unknown request URL: POST ${path}. ${told}`);
    expect(error.message).toContain('The page docs/api/endpoints.md of codex-gateway');
    expect(error.message).not.toContain('/v1/models');
  });

  it('is not confused with an unknown route', async () => {
    expect(await (await post('/v1/nonsense', '{}')).text()).not.toContain('Codex has no');
  });
});
