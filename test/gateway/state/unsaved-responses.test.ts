import { expect, it } from 'vitest';
import type { Store } from '../../../src/conversation/ports/store.ts';
import { createUnsavedResponses } from '../../../src/gateway/state/unsaved-responses.ts';
import { openTestStore } from '../../support/open-test-stores.ts';
import { storedResponse } from '../../support/stored-response.ts';

/** A store in which no end can be stored, until it is mended. */
async function create() {
  const kept = await openTestStore();
  let isFull = true;
  const store: Store = {
    ...kept,
    async saveResponse(response) {
      if (isFull && response.status === 'completed') throw new Error('no space is left');
      return await kept.saveResponse(response);
    },
  };
  const unsaved = createUnsavedResponses(store);
  async function end(id: string): Promise<void> {
    await store.saveResponse(storedResponse(id, { status: 'in_progress', background: true }));
    unsaved.hold(storedResponse(id, { background: true }));
  }
  return { ...unsaved, kept, end, mend: () => (isFull = false) };
}

it('finds an unsaved response in its final state, alone and in a thread', async () => {
  const { store, end, kept, mend } = await create();
  await end('r');
  await kept.saveResponse(storedResponse('s', { previousId: 'r' }));
  expect(await store.findResponse('r')).toEqual(storedResponse('r', { background: true }));
  expect((await store.findResponseChain('s'))!.map(({ status }) => status)).toEqual([
    'completed',
    'completed',
  ]);
  expect((await kept.findResponse('r'))!.status).toBe('in_progress');
  mend();
  expect(await store.findResponse('r')).toEqual(storedResponse('r', { background: true }));
  expect((await kept.findResponse('r'))!.status).toBe('completed');
});

it('forgets a deleted response', async () => {
  const { store, end, saveAll: settle, mend } = await create();
  await end('r');
  expect(await store.deleteResponse('r')).toBe(true);
  mend();
  await settle();
  expect(await store.findResponse('r')).toBeUndefined();
});

it('holds a hundred responses and reports older ones as failed', async () => {
  const { store, end } = await create();
  for (let turn = 0; turn < 102; turn += 1) await end(`r${turn}`);
  const statuses = await Promise.all(
    ['r0', 'r1', 'r2'].map(async (id) => (await store.findResponse(id))!.status),
  );
  expect(statuses).toEqual(['failed', 'failed', 'completed']);
});
