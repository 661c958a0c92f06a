import { expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import type { AppOptions } from '../../../src/http/app.ts';
import { sendHttp, type HttpAnswer } from '../../support/send-http.ts';
import { sendRaw } from '../../support/send-raw.ts';
import { saying, startSocketGateway, type Saying } from '../../support/socket-gateway.ts';

const PAGE = 'http://localhost:3000';

/** Finds the queue full. */
const refusing: Saying = async function* () {
  yield await Promise.reject(new GatewayError('queue_full', 'Full.', { retryAfter: 5 }));
};

async function preflight(
  headers: Readonly<Record<string, string>>,
  path = '/v1/chat/completions',
): Promise<HttpAnswer> {
  const { origin } = await startSocketGateway(saying('Hi.'));
  return await sendHttp(`${origin}${path}`, { method: 'OPTIONS', headers });
}

it('a preflight of an accepted page is answered without a token, for exactly that page', async () => {
  const { status, headers, text } = await preflight({
    origin: PAGE,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type,x-stainless-os',
    'access-control-request-private-network': 'true',
  });
  expect({ status, text }).toEqual({ status: 204, text: '' });
  expect(headers).toMatchObject({
    'access-control-allow-origin': PAGE,
    'access-control-allow-methods': 'GET, HEAD, POST, DELETE',
    'access-control-allow-headers': 'authorization,content-type,x-stainless-os',
    'access-control-allow-private-network': 'true',
    'access-control-max-age': '7200',
    vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers',
  });
  expect(headers).not.toHaveProperty('access-control-allow-credentials');
});

it.each(['/v1/responses', '/healthz', '/copilot/v1/responses', '/nothing'])(
  'a preflight for %s is answered, so that the page can read the answer to its request',
  async (path) => {
    expect((await preflight({ origin: PAGE, 'access-control-request-method': 'GET' }, path)).status).toBe(
      204,
    );
  },
);

it.each(['https://evil.example', 'null'])('a preflight of %s is refused', async (origin) => {
  const { status, headers, text } = await preflight({ origin, 'access-control-request-method': 'POST' });
  expect(status).toBe(403);
  expect(text).toContain('forbidden_origin');
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

it('a preflight for another host is refused', async () => {
  const { status, text } = await preflight({
    host: 'evil.example',
    origin: PAGE,
    'access-control-request-method': 'POST',
  });
  expect(status).toBe(403);
  expect(text).toContain('forbidden_host');
});

it('names of headers that are none are not repeated', async () => {
  const { status, headers } = await preflight({
    origin: PAGE,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization; x',
  });
  expect(status).toBe(204);
  expect(headers).not.toHaveProperty('access-control-allow-headers');
});

it('a request with the method OPTIONS that is not a preflight needs a token like any other', async () => {
  expect((await preflight({ origin: PAGE })).status).toBe(401);
  expect((await preflight({ 'access-control-request-method': 'POST' })).status).toBe(401);
});

it.each([
  ['without a token', '/v1/models', {}, 401],
  ['at no path', '/v1/nothing', { authorization: 'Bearer token' }, 404],
  ['with a wrong method', '/v1/models', { authorization: 'Bearer token' }, 405],
])('a page can read the error of a request %s', async (_, path, headers, expected) => {
  const { origin } = await startSocketGateway(saying('Hi.'));
  const method = expected === 405 ? 'DELETE' : 'GET';
  const answer = await sendHttp(`${origin}${path}`, { method, headers: { origin: PAGE, ...headers } });
  expect(answer.status).toBe(expected);
  expect(answer.headers['access-control-allow-origin']).toBe(PAGE);
});

interface RefusedRequest {
  readonly what: string;
  readonly say?: Saying;
  readonly options?: Partial<AppOptions>;
  readonly size?: number;
  readonly expected: number;
}

it.each<RefusedRequest>([
  { what: 'finds the queue full', say: refusing, expected: 429 },
  { what: 'has too large a body', size: 20_000, expected: 413 },
  { what: 'comes while the gateway stops', options: { isDraining: () => true }, expected: 503 },
])(
  'a page can read the error of a request that $what',
  async ({ say = saying('Hi.'), options, size = 10, expected }) => {
    const { origin } = await startSocketGateway(say, options);
    const answer = await sendHttp(`${origin}/v1/chat/completions`, {
      method: 'POST',
      headers: { origin: PAGE, authorization: 'Bearer token', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'one', messages: [{ role: 'user', content: 'a'.repeat(size) }] }),
    });
    expect(answer.status).toBe(expected);
    expect(answer.headers['access-control-allow-origin']).toBe(PAGE);
    expect(String(answer.headers['access-control-expose-headers'])).toContain('retry-after');
  },
);

it('a page can read the answer and the headers that concern it', async () => {
  const { origin } = await startSocketGateway(saying('Hi.'));
  const { status, headers } = await sendHttp(`${origin}/v1/chat/completions`, {
    method: 'POST',
    headers: { origin: PAGE, authorization: 'Bearer token', 'content-type': 'application/json' },
    body: JSON.stringify({
      model: 'one',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      seed: 1,
    }),
  });
  expect(status).toBe(200);
  expect(headers['access-control-allow-origin']).toBe(PAGE);
  expect(headers).toHaveProperty('x-codex-gateway-ignored', 'seed');
  const exposed = String(headers['access-control-expose-headers']).split(', ');
  expect(exposed).toEqual(
    expect.arrayContaining([
      'x-request-id',
      'retry-after',
      'x-codex-gateway-ignored',
      'x-codex-gateway-adjusted',
    ]),
  );
});

it('a page can read the error of a request whose body breaks off', async () => {
  const { origin } = await startSocketGateway(saying('Hi.'));
  const head = `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\norigin: ${PAGE}\r\nauthorization: Bearer token\r\n`;
  const answer = await sendRaw(origin, `${head}transfer-encoding: chunked\r\n\r\nnot-a-size\r\n`);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer.toLowerCase()).toContain(`access-control-allow-origin: ${PAGE}`);
});
