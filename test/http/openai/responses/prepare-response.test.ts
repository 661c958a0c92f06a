import { describe, expect, it } from 'vitest';
import type { Store } from '../../../../src/conversation/ports/store.ts';
import { NO_USAGE } from '../../../../src/conversation/usage.ts';
import { createPrepareResponse } from '../../../../src/http/openai/responses/prepare-response.ts';
import { openTestStore } from '../../../support/open-test-stores.ts';
import { batchAnswers } from '../../../support/answer-batches.ts';

const NEVER = new AbortController().signal;
const FULL = new Error('no space is left');

const say = () =>
  batchAnswers([
    { type: 'text-delta', text: 'Hello.' },
    { type: 'turn-end', reason: 'stop', isComplete: true, usage: NO_USAGE },
  ]);

/** Prepares one request before a store that fails in some way, and answers it as JSON. */
async function create(body: object, broken: Partial<Store> = {}) {
  const store: Store = { ...(await openTestStore()), ...broken };
  let turns = 0;
  const prepare = createPrepareResponse({
    gateway: {
      reserve: () => [],
      async answer() {
        turns += 1;
        return {
          model: 'one',
          adjustments: [],
          serviceTier: 'default',
          reasoningEffort: null,
          events: say(),
        };
      },
    },
    store,
    policy: { strict: false, enforceMaxTokens: false, stores: true },
    unseal: () => undefined,
  });
  const prepared = await prepare({ model: 'one', input: 'hello', ...body }, { strict: false }, NEVER);
  const failures: unknown[] = [];
  const head = prepared.createHead();
  const respond = async () =>
    await prepared.encodeJson({
      head,
      answer: prepared.start(NEVER),
      saveState: prepared.save,
      onFailure: (error) => void failures.push(error),
    }).body;
  return { store, head, respond, failures, turns: () => turns };
}

describe('a prepared response', () => {
  it('is stored before its client gets it', async () => {
    const { store, head, respond } = await create({});
    expect(await respond()).toMatchObject({ id: head.id, status: 'completed', store: true });
    expect(await store.findResponse(head.id)).toMatchObject({ status: 'completed' });
  });

  it('is not stored with store=false', async () => {
    const { store, head, respond } = await create({ store: false });
    expect(await respond()).toMatchObject({ status: 'completed', store: false });
    expect(await store.findResponse(head.id)).toBeUndefined();
  });

  it('is not stored again when it is sent again after its deletion', async () => {
    const { store, head, respond } = await create({});
    await respond();
    await store.deleteResponse(head.id);
    expect(await respond()).toMatchObject({ status: 'completed' });
    expect(await store.findResponse(head.id)).toBeUndefined();
  });

  it('says that it is not stored if its end cannot be saved', async () => {
    let saves = 0;
    const { respond, failures } = await create(
      {},
      {
        saveResponse: async () => {
          saves += 1;
          throw FULL;
        },
      },
    );
    expect(await respond()).toMatchObject({
      status: 'completed',
      store: false,
      output: [{ type: 'message' }],
    });
    expect([saves > 0, failures]).toEqual([true, [FULL]]);
  });

  it('asks no model if it must be stored and nothing can be', async () => {
    const { respond, turns } = await create({}, { checkWritable: () => Promise.reject(FULL) });
    await expect(respond()).rejects.toBe(FULL);
    expect(turns()).toBe(0);
  });
});
