import { request as sendHttp, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { COPILOT_TOKEN } from '../../support/copilot/copilot-fakes.ts';
import { shareCopilotServer, useCopilotServer } from '../../support/copilot/copilot-server.ts';
import { streamBytes } from '../../support/copilot/fake-copilot.ts';
import { answerWith } from '../../support/copilot/recording-server.ts';
import { TOKEN } from '../../support/gateway.ts';

const STREAM = Buffer.from(
  'event: response.created\ndata: {"a": 1.50}\n\n: odd \u{1F98A}é\r\n\r\nevent: response.completed\ndata: {}\n\n',
);

const gateway = shareCopilotServer();

/** The stream in chunks of one size, which may end within a character or a line break. */
function* cut(size: number): Generator<Buffer> {
  for (let start = 0; start < STREAM.length; start += size) yield STREAM.subarray(start, start + size);
}

it.each([1, 2, 7, STREAM.length])('a stream in chunks of %i bytes comes back byte for byte', async (size) => {
  gateway.copilot.use(streamBytes(cut(size)));
  const answer = await gateway.respond('{"model":"gpt-5.5","input":"hi"}');
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(STREAM);
  expect(answer.headers.get('content-type')).toBe('text/event-stream');
  expect(answer.headers.get('x-request-id')).toBe('copilot-request');
  expect(answer.headers.get('x-codex-gateway-request-id')).toEqual(expect.any(String));
});

it('the bytes of a request are sent upstream as they are', async () => {
  const bodies = [
    '{ "model":"gpt-5.5", "input":"hi", "temperature": 1.0, "big": 12345678901234567890 }\n',
    '{"model":"gpt-5.5","tools":[{"type":"namespace","name":"x","tools":[]}],"previous_response_id":"r","input":[]}',
    'no JSON at all: \u{1F98A}',
    gzipSync('{"model":"gpt-5.5"}'),
    `{"model":"gpt-5.5","input":"${'x'.repeat(3_000_000)}"}`,
  ].map((body) => Buffer.from(body));
  for (const [index, body] of bodies.entries()) {
    const headers = index === 3 ? { 'content-encoding': 'gzip' } : {};
    const answer = await gateway.respond(body, { headers });
    expect(answer.status).toBe(200);
    await answer.body?.cancel();
  }
  const { responses } = gateway.copilot;
  expect(responses.map(({ rawBody }, index) => rawBody.equals(bodies[index]!))).toEqual(
    bodies.map(() => true),
  );
  expect(responses[3]!.headers['content-encoding']).toBe('gzip');
  for (const { headers } of responses) expect(headers.authorization).toBe(`Bearer ${COPILOT_TOKEN}`);
});

it('an encoded answer stays encoded, and headers of one connection stay there', async () => {
  const zipped = gzipSync(STREAM);
  gateway.copilot.use((_request, response) => {
    response.writeHead(200, {
      'content-type': 'text/event-stream',
      'content-encoding': 'gzip',
      connection: 'x-of-hop, keep-alive',
      'x-of-hop': 'a',
      'proxy-authenticate': 'Basic',
      'set-cookie': ['a=1', 'b=2'],
    });
    response.end(zipped);
  });
  const answer = await send(gateway.origin, {
    te: 'trailers',
    connection: 'x-codex-sandbox',
    'x-codex-sandbox': 'b',
  });
  expect(await buffer(answer)).toEqual(zipped);
  expect(answer.headers).toMatchObject({ 'content-encoding': 'gzip', 'set-cookie': ['a=1', 'b=2'] });
  for (const name of ['x-of-hop', 'proxy-authenticate']) expect(answer.headers).not.toHaveProperty(name);
  for (const name of ['te', 'x-codex-sandbox'])
    expect(gateway.copilot.responses[0]!.headers).not.toHaveProperty(name);
});

it('errors of Copilot come back as they are', async () => {
  for (const [status, body] of [
    [400, '{"error": {"message":"bad", "code" :"unsupported_value"}}'],
    [403, 'forbidden: no\n'],
    [500, ''],
    [503, 'upstream is busy'],
  ] as const) {
    gateway.copilot.use(
      answerWith(status, body, { 'content-type': 'text/plain; charset=utf-8', 'x-odd': '1' }),
    );
    const answer = await gateway.respond('{}');
    expect([answer.status, await answer.text()]).toEqual([status, body]);
    expect(answer.headers.get('x-odd')).toBe('1');
  }
  expect(gateway.copilot.responses).toHaveLength(4);
});

it('a client that leaves in the middle of a stream ends the request to Copilot', async () => {
  gateway.copilot.use(streamBytes(['data: {}\n\n'], { hold: new Promise(() => {}) }));
  const leaving = new AbortController();
  const answer = await gateway.respond('{}', { signal: leaving.signal });
  await answer.body!.getReader().read();
  leaving.abort();
  // A second is enough; a machine with other work gets more.
  expect(await timeUntil(gateway.copilot.responses[0]!.aborted)).toBeLessThan(5000);
});

it('a client that leaves before the first byte ends the request to Copilot', async () => {
  const asked = Promise.withResolvers<void>();
  gateway.copilot.use(() => asked.resolve());
  const leaving = new AbortController();
  const answer = gateway.respond('{}', { signal: leaving.signal });
  await asked.promise;
  leaving.abort();
  await expect(answer).rejects.toThrow(/abort/);
  // A second is enough; a machine with other work gets more.
  expect(await timeUntil(gateway.copilot.responses[0]!.aborted)).toBeLessThan(5000);
});

it('a stream of Copilot that breaks off does not look complete', async () => {
  gateway.copilot.use((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {}\n\n', () => response.destroy());
  });
  const answer = await gateway.respond('{}');
  await expect(answer.text()).rejects.toThrow();
});

it('a silent Copilot is a 504, and a silence within a stream breaks the connection off', async () => {
  const other = await useCopilotServer({ environment: { REQUEST_TIMEOUT_MS: '1000' } });
  other.copilot.use(() => {}, streamBytes(['data: {}\n\n'], { hold: new Promise(() => {}) }));
  const late = await other.respond('{}');
  expect(late.status).toBe(504);
  expect(await late.json()).toMatchObject({ error: { code: 'upstream_timeout' } });
  const silent = await other.respond('{}');
  expect(silent.status).toBe(200);
  await expect(silent.text()).rejects.toThrow();
  await Promise.all(other.copilot.responses.map(({ aborted }) => aborted));
});

/** Milliseconds until something happens. */
async function timeUntil(event: Promise<void>): Promise<number> {
  const before = performance.now();
  await event;
  return performance.now() - before;
}

/** Sends a request with headers that `fetch` does not allow. */
async function send(origin: string, headers: Record<string, string>): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const request = sendHttp(`${origin}/copilot/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
    });
    request.once('response', resolve).once('error', reject).end('{}');
  });
}
