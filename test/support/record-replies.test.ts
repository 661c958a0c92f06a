import { afterEach, beforeEach, expect, it } from 'vitest';
import { recordReplies } from './record-replies.ts';

const ADDRESS = 'http://127.0.0.1/v1/chat/completions';
const BROKEN = ['data: {}\n\n', 'data: [DONE]\n\n'];

const original = globalThis.fetch;
let asked = 0;
let cancelled: unknown;
let violations: () => Promise<string[]>;

/** Answers each request by the broken stream, piece by piece as it is asked for. */
function answer(): Response {
  const pieces = BROKEN.map((text) => new TextEncoder().encode(text));
  const body = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        const piece = pieces[asked];
        asked += 1;
        if (piece === undefined) controller.close();
        else controller.enqueue(piece);
      },
      cancel: (reason) => void (cancelled = reason),
    },
    { highWaterMark: 0 },
  );
  const response = new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  return Object.defineProperty(response, 'url', { value: ADDRESS });
}

beforeEach(() => {
  asked = 0;
  cancelled = undefined;
  globalThis.fetch = () => Promise.resolve(answer());
  violations = recordReplies();
});
afterEach(() => {
  globalThis.fetch = original;
});

it('reports the violations of a stream that was read, once', async () => {
  const response = await fetch(ADDRESS);
  expect(await response.text()).toBe(BROKEN.join(''));
  expect(await violations()).toContain('no choice');
  expect(await violations()).toEqual([]);
});

it('checks usage against whether the request asked for it', async () => {
  const response = await fetch(ADDRESS, {
    method: 'POST',
    body: '{"stream_options":{"include_usage":true}}',
  });
  await response.text();
  expect(await violations()).toContain('a chunk has no usage key');
});

it('reads nothing ahead and ignores the missing end of a cancelled stream', async () => {
  const response = await fetch(ADDRESS);
  expect(response.url).toBe(ADDRESS);
  const reader = response.body!.getReader();
  expect(asked).toBe(0);
  await reader.read();
  expect(asked).toBe(1);
  await reader.cancel('enough');
  expect(cancelled).toBe('enough');
  const told = await violations();
  expect(told).toContain('a chunk has no right id');
  expect(told).not.toContain('no [DONE]');
});

const reply = (text: string, type: string, status = 200) =>
  new Response(text, { status, headers: { 'content-type': type } });

it.each([
  ['a streamed response', reply('data: {}\n\n', 'text/event-stream'), 'event must'],
  ['a response', reply('  {"object":"response"}', 'application/json'), 'response must have'],
  ['an error', reply('{"error":{}}', 'application/json', 404), 'an error is not whole'],
])('checks %s', async (_name, answer, violation) => {
  Object.defineProperty(answer, 'url', { value: 'http://127.0.0.1/v1/responses' });
  globalThis.fetch = () => Promise.resolve(answer);
  violations = recordReplies();
  const response = await fetch(ADDRESS, { method: 'POST' });
  await response.text();
  expect(await violations()).toContainEqual(expect.stringContaining(violation));
});

it('passes a reply of any other path through untouched', async () => {
  const page = new Response('{}', { headers: { 'content-type': 'application/json' } });
  Object.defineProperty(page, 'url', { value: 'http://127.0.0.1/status' });
  globalThis.fetch = () => Promise.resolve(page);
  violations = recordReplies();
  expect(await fetch(ADDRESS)).toBe(page);
});
