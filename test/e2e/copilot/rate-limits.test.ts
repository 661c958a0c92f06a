import { expect, it } from 'vitest';
import {
  shareCopilotServer,
  useCopilotServer,
  type TestCopilotServer,
} from '../../support/copilot/copilot-server.ts';
import { rateLimited, streamBytes } from '../../support/copilot/fake-copilot.ts';
import { answerWith, type Answer } from '../../support/copilot/recording-server.ts';
import { until } from '../../support/process.ts';

const gateway = shareCopilotServer();

const BODY = '{ "model": "gpt-5.5", "input": "hi", "n": 1.0 }';
/** Far less than any wait that is asked for. */
const AT_ONCE_MS = 2000;

interface FinalError {
  readonly error: {
    readonly type: string;
    readonly code: string;
    readonly message: string;
    readonly param: null;
    readonly resets_at?: number;
  };
}

/** Sends a request whose answer is final, and returns it with the time that it took. */
async function refuse(
  answer: Answer,
  asked: TestCopilotServer = gateway,
): Promise<{ response: Response; body: FinalError }> {
  asked.copilot.use(answer);
  const before = performance.now();
  const response = await asked.respond(BODY);
  const body = (await response.json()) as FinalError;
  expect(performance.now() - before).toBeLessThan(AT_ONCE_MS);
  return { response, body };
}

it('a 429 with a short wait is tried again under another request id, with the same bytes', async () => {
  gateway.copilot.use(rateLimited({ 'retry-after': '1' }), streamBytes(['data: {}\n\n']));
  const before = performance.now();
  const answer = await gateway.respond(BODY);
  expect([answer.status, await answer.text()]).toEqual([200, 'data: {}\n\n']);
  expect(performance.now() - before).toBeGreaterThanOrEqual(990);
  const [first, second, ...further] = gateway.copilot.responses;
  expect(further).toEqual([]);
  expect([first!.text, second!.text]).toEqual([BODY, BODY]);
  expect(first!.headers['x-request-id']).not.toBe(second!.headers['x-request-id']);
  expect(first!.headers['x-initiator']).toBe(second!.headers['x-initiator']);
});

it('a 429 whose wait is days long becomes a final error at once, with the time of its end', async () => {
  const { response, body } = await refuse(rateLimited({ 'retry-after': '200000' }));
  expect(response.status).toBe(429);
  expect(body.error).toMatchObject({ type: 'usage_limit_reached', code: 'insufficient_quota', param: null });
  const seconds = body.error.resets_at! - Date.now() / 1000;
  expect(seconds).toBeGreaterThan(199_000);
  expect(seconds).toBeLessThanOrEqual(200_001);
  expect(body.error.message).toContain('Copilot');
  expect(body.error.message).toContain(String(new Date(body.error.resets_at! * 1000).getUTCFullYear()));
  expect(gateway.copilot.responses).toHaveLength(1);
});

it.each([
  ['a date', (ms: number) => ({ 'retry-after': new Date(ms).toUTCString() })],
  ['x-ratelimit-reset', (ms: number) => ({ 'x-ratelimit-reset': String(Math.floor(ms / 1000)) })],
  ['x-ratelimit-reset-ms', (ms: number) => ({ 'x-ratelimit-reset-ms': String(ms) })],
])('a long wait that is given as %s is final, and its header is not passed on', async (_name, headers) => {
  const end = Date.now() + 7_200_000;
  const { response, body } = await refuse(rateLimited(headers(end)));
  expect(response.status).toBe(429);
  expect(Math.abs(body.error.resets_at! - end / 1000)).toBeLessThan(5);
  const names = [...response.headers.keys()];
  expect(names.filter((name) => /^retry-after|^x-ratelimit-reset/.test(name))).toEqual([]);
});

it('a 402 is final at once, with or without a time', async () => {
  const plain = await refuse(answerWith(402, 'quota exceeded', { 'content-type': 'text/plain' }));
  expect(plain.response.status).toBe(429);
  expect(plain.body.error).toMatchObject({ type: 'usage_limit_reached', code: 'insufficient_quota' });
  expect(plain.response.headers.has('retry-after')).toBe(false);
  const timed = await refuse(answerWith(402, {}, { 'retry-after': '3600' }));
  expect(timed.response.headers.has('retry-after')).toBe(false);
  expect(Math.abs(timed.body.error.resets_at! - (Date.now() / 1000 + 3600))).toBeLessThan(60);
  expect(gateway.copilot.responses).toHaveLength(2);
});

it('a budget of 0 makes the first 429 final', async () => {
  const other = await useCopilotServer({ config: { copilot: { rateLimit: { budget: 0 } } } });
  const { response } = await refuse(rateLimited({ 'retry-after': '1' }), other);
  expect(response.status).toBe(429);
  expect(other.copilot.responses).toHaveLength(1);
});

it('a client that leaves ends the wait', async () => {
  gateway.copilot.use(rateLimited({ 'retry-after': '40' }), streamBytes(['data: {}\n\n']));
  const leaving = new AbortController();
  const answer = gateway.respond(BODY, { signal: leaving.signal });
  await until(() => gateway.copilot.responses.length === 1);
  leaving.abort();
  await expect(answer).rejects.toThrow(/abort/);
  const before = performance.now();
  await until(() => gateway.log.lines.some((line) => line.includes('/copilot/v1/responses')));
  expect(performance.now() - before).toBeLessThan(20_000);
  expect(gateway.copilot.responses).toHaveLength(1);
});
