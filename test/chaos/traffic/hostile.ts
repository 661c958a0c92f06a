import { connect } from 'node:net';
import { call, type Call } from './http-call.ts';
import type { Exchange, Verdict } from './exchange.ts';

type Sample = Omit<Call, 'origin' | 'signal' | 'token'> & {
  readonly token?: string;
  /** Every other status is wrong; so many wrong tokens may also be too many. */
  readonly expected: number;
};

const chat = '/v1/chat/completions';
const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

const SAMPLES: readonly Sample[] = [
  { path: chat, body: '{"model":', expected: 400 },
  { path: chat, body: '\u0000\u0001', expected: 400 },
  { path: chat, body: deep, expected: 400 },
  { path: chat, body: `{"model":"gpt-5.5","messages":${deep}}`, expected: 400 },
  { path: chat, body: { model: 'gpt-5.5', messages: 'x' }, expected: 400 },
  { path: chat, body: { model: 'no-such-model', messages: [{ role: 'user', content: 'x' }] }, expected: 404 },
  {
    path: '/v1/responses',
    body: { model: 'gpt-5.5', input: 'x', previous_response_id: 'resp_0' },
    expected: 400,
  },
  { path: '/v1/responses/../../etc/passwd', expected: 404 },
  { path: '/v1/models', token: 'not-the-token-of-this-gateway', expected: 401 },
  { path: '/v1/models', headers: { 'x-long': 'x'.repeat(20_000) }, expected: 431 },
  { path: '/nowhere', expected: 404 },
  { path: chat, headers: { 'content-encoding': 'gzip' }, body: 'not gzip', expected: 400 },
];

/** Sends what no honest client sends. */
export async function attack({ origin, token, random, signal }: Exchange): Promise<Verdict> {
  if (random.next() < 0.2) return await breakConnection(origin, random.pick(BYTES));
  const { expected, ...sample } = random.pick(SAMPLES);
  const { status, text, retryAfter, shouldRetry } = await call({ origin, token, signal, ...sample });
  if (status === expected || (expected === 401 && status === 429)) return { outcome: 'ok' };
  const [, code] = /"code":\s*"(\w+)"/.exec(text) ?? [];
  return {
    outcome: `${status} ${code}`,
    retryAfter,
    shouldRetry,
    detail: `${sample.path} ${JSON.stringify(sample.body)?.slice(0, 40)}`,
  };
}

const BYTES = [
  '\u0016\u0003\u0001\u0002',
  'GET /\r\n\r\n',
  'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1000\r\n\r\n{',
  'POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n',
];

/** Sends something else than a request, or only the beginning of one, and hangs up. */
async function breakConnection(origin: string, bytes: string): Promise<Verdict> {
  const { hostname, port } = new URL(origin);
  const socket = connect(Number(port), hostname);
  const closed = new Promise<Verdict>((resolve, reject) => {
    socket.once('error', reject).once('close', () => resolve({ outcome: 'ok' }));
  });
  socket.resume().write(bytes, () => setTimeout(() => socket.destroy(), 100));
  return await closed;
}
