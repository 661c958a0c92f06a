import { expect, it, onTestFinished, vi } from 'vitest';
import { GatewayError } from '../../../../src/base/errors.ts';
import type { Store } from '../../../../src/conversation/ports/store.ts';
import { NO_USAGE } from '../../../../src/conversation/usage.ts';
import type { Gateway } from '../../../../src/gateway/gateway.ts';
import { createIdempotencyKeys } from '../../../../src/gateway/state/idempotency-keys.ts';
import { createUnsavedResponses } from '../../../../src/gateway/state/unsaved-responses.ts';
import { createBackgroundResponses } from '../../../../src/http/openai/responses/background-responses.ts';
import { createRequestRecord } from '../../../../src/http/requests/request-record.ts';
import { createPrepareResponse } from '../../../../src/http/openai/responses/prepare-response.ts';
import { createMemoryLog } from '../../../support/memory-log.ts';
import { openTestStore } from '../../../support/open-test-stores.ts';
import { batchAnswers } from '../../../support/answer-batches.ts';
import { flatten } from '../../../support/flatten.ts';

const AGAIN = { key: 'key', fingerprint: 'one' };

const say = () =>
  batchAnswers([
    { type: 'text-delta', text: 'Hello.' },
    { type: 'turn-end', reason: 'stop', isComplete: true, usage: NO_USAGE },
  ]);

const answer: Gateway['answer'] = async () => ({
  adjustments: [],
  model: 'one',
  serviceTier: 'default',
  reasoningEffort: null,
  events: say(),
});

/** Responses in the background, before a store that fails in some way. */
async function create(breakDown: (kept: Store) => Partial<Store>, reserve: Gateway['reserve'] = () => []) {
  const kept = await openTestStore();
  const store: Store = { ...kept, ...breakDown(kept) };
  const policy = { strict: false, enforceMaxTokens: false, stores: true };
  const prepareResponse = createPrepareResponse({
    gateway: { answer, reserve },
    store,
    policy,
    unseal: () => undefined,
  });
  const background = createBackgroundResponses(createUnsavedResponses(store), createIdempotencyKeys());
  const failures: unknown[] = [];
  async function start(): Promise<string> {
    const body = { model: 'one', input: 'hello', background: true };
    const prepared = await prepareResponse(body, { strict: false }, new AbortController().signal);
    return await background.start(prepared, AGAIN, {
      ...createRequestRecord(createMemoryLog(), 'req_1'),
      fail: (error) => void failures.push(error),
    });
  }
  return { store, background, failures, start };
}

it('a background response completes even when its events cannot be stored', async () => {
  const problem = new Error('no space is left');
  const { store, background, failures, start } = await create(() => ({
    saveEvents: () => Promise.reject(problem),
  }));
  const id = await start();
  const events = await Array.fromAsync(flatten(background.read(id, new AbortController().signal)!));
  expect(events.at(-1)!.type).toBe('response.completed');
  expect(failures).toEqual([problem]);
  expect(await store.findResponse(id)).toMatchObject({ status: 'completed', events: undefined });
});

it('an idempotency key starts a new background response when the first could not begin', async () => {
  let isFull = true;
  const { store, start } = await create((kept) => ({
    saveResponse: async (response) => {
      if (isFull) throw new Error('no space is left');
      return await kept.saveResponse(response);
    },
  }));
  await expect(start()).rejects.toThrow('no space is left');
  isFull = false;
  const id = await start();
  expect(await store.findResponse(id)).toMatchObject({ id });
  expect(await start()).toBe(id);
});

it('an idempotency key stands for its background response until a minute after its end', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { background, start } = await create(() => ({}));
  const id = await start();
  await Array.fromAsync(background.read(id, new AbortController().signal)!);
  vi.advanceTimersByTime(59_000);
  expect(await start()).toBe(id);
  vi.advanceTimersByTime(1000);
  expect(await start()).not.toBe(id);
});

it('a background response that finds no room is refused, and neither stored nor held by its key', async () => {
  let isFull = true;
  const saved: string[] = [];
  const { start } = await create(
    (kept) => ({
      async saveResponse(response) {
        saved.push(response.status);
        return await kept.saveResponse(response);
      },
    }),
    () => {
      if (isFull) throw new GatewayError('queue_full', 'full');
      return [];
    },
  );
  await expect(start()).rejects.toMatchObject({ code: 'queue_full' });
  expect(saved).toEqual([]);
  isFull = false;
  expect(await start()).toMatch(/^resp_/);
});

it('a background response that cannot be stored gives its room back', async () => {
  const cancelled: string[] = [];
  const reservation = { run: async () => {}, answered: () => {}, cancel: () => void cancelled.push('once') };
  const { start } = await create(
    () => ({ saveResponse: () => Promise.reject(new Error('no space is left')) }),
    () => [reservation],
  );
  await expect(start()).rejects.toThrow('no space is left');
  expect(cancelled).toEqual(['once']);
});
