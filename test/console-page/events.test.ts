import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { connection, followEvents } from '../../console/api/events.ts';

/** Streams that the page has asked for, the oldest first. */
let streams: ReadableStreamDefaultController<Uint8Array>[];
let stop: AbortController;
let page: EventTarget;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  streams = [];
  stop = new AbortController();
  page = Object.assign(new EventTarget(), { baseURI: 'http://127.0.0.1:8000/' });
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal(
    'fetch',
    async () => new Response(new ReadableStream({ start: (stream) => void streams.push(stream) })),
  );
});
afterEach(async () => {
  stop.abort();
  streams.at(-1)?.close();
  await settle();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Waits until everything that does not wait for a timer has happened. */
const settle = async () => {
  for (let count = 0; count < 5; count += 1) await new Promise((resolve) => setImmediate(resolve));
};

async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  await settle();
}

async function follow(): Promise<void> {
  void followEvents(stop.signal);
  await settle();
  expect([streams.length, connection.value]).toEqual([1, 'open']);
}

it('comments alone show that the connection is there, and silence that it is lost, which then is made again', async () => {
  await follow();
  for (let count = 0; count < 10; count += 1) {
    streams[0]!.enqueue(new TextEncoder().encode(': still here\n\n'));
    await pass(15_000);
  }
  expect([streams.length, connection.value]).toEqual([1, 'open']);
  await pass(25_000);
  expect(connection.value).toBe('lost');
  await pass(500);
  expect([streams.length, connection.value]).toEqual([2, 'open']);
});

it('a page to which somebody comes back after a sleep of the machine connects again without waiting for a timer', async () => {
  await follow();
  page.dispatchEvent(new Event('visibilitychange'));
  await pass(500);
  expect(streams).toHaveLength(1);

  // A sleep: the clock goes on, and no timer does.
  vi.setSystemTime(Date.now() + 3_600_000);
  page.dispatchEvent(new Event('visibilitychange'));
  await settle();
  expect(connection.value).toBe('lost');
  await pass(500);
  expect([streams.length, connection.value]).toEqual([2, 'open']);
});
