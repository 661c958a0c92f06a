import { expect, it } from 'vitest';
import type { StoredResponse } from '../../../src/conversation/ports/store.ts';
import { createResponseHistory } from '../../../src/gateway/state/response-history.ts';
import { openTestStore } from '../../support/open-test-stores.ts';
import { message, storedResponse } from '../../support/stored-response.ts';

const own = (...responses: readonly StoredResponse[]) => new Map(responses.map((one) => [one.id, one]));
const NOTHING = { previousId: undefined, conversationId: undefined, itemIds: [] };

/** A store with one response after another, `a` the first. */
async function storeOf(...ids: readonly string[]) {
  const store = await openTestStore();
  for (const [place, id] of ids.entries()) {
    await store.saveResponse(storedResponse(id, { previousId: ids[place - 1] }));
  }
  return store;
}

async function saidBefore(earlier: ReturnType<typeof createResponseHistory>, previousId: string) {
  const resolved = await earlier.resolve({ ...NOTHING, previousId });
  return resolved.history.map(({ id }) => id);
}

it('continues stored responses and then those that only the connection knows', async () => {
  const known = own(storedResponse('c', { previousId: 'b' }), storedResponse('d', { previousId: 'c' }));
  const history = createResponseHistory(await storeOf('a', 'b'), known);
  expect(await saidBefore(history, 'd')).toEqual(
    ['a', 'b', 'c', 'd'].flatMap((id) => [`in_${id}`, `out_${id}`]),
  );
  expect(await saidBefore(history, 'b')).toEqual(['a', 'b'].flatMap((id) => [`in_${id}`, `out_${id}`]));
});

it('hides responses of one connection, and those that continue them, from other connections', async () => {
  const store = await storeOf('a');
  const hidden = storedResponse('hidden', { previousId: 'a' });
  await store.saveResponse(storedResponse('b', { previousId: 'hidden' }));
  expect(await saidBefore(createResponseHistory(store, own(hidden)), 'hidden')).toHaveLength(4);
  for (const previousId of ['hidden', 'b']) {
    await expect(createResponseHistory(store).resolve({ ...NOTHING, previousId })).rejects.toMatchObject({
      code: 'previous_response_not_found',
      detail: { param: 'previous_response_id' },
    });
  }
});

it('knows only the responses of the connection when there is no store', async () => {
  const history = createResponseHistory(undefined, own(storedResponse('a')));
  expect(await saidBefore(history, 'a')).toEqual(['in_a', 'out_a']);
  await expect(saidBefore(history, 'b')).rejects.toMatchObject({ code: 'previous_response_not_found' });
  await expect(history.resolve({ ...NOTHING, conversationId: 'c' })).rejects.toMatchObject({
    code: 'conversation_not_found',
    detail: { param: 'conversation' },
  });
});

it('refuses to continue a thread in which a response was deleted', async () => {
  const store = await storeOf('a', 'b', 'c');
  await store.deleteResponse('b');
  await expect(saidBefore(createResponseHistory(store), 'c')).rejects.toMatchObject({
    code: 'previous_response_not_found',
  });
});

it('refuses to continue responses that form a circle', async () => {
  const store = await openTestStore();
  await store.saveResponse(storedResponse('a', { previousId: 'b' }));
  await store.saveResponse(storedResponse('b', { previousId: 'a' }));
  await expect(saidBefore(createResponseHistory(store), 'a')).rejects.toMatchObject({
    code: 'previous_response_not_found',
  });
});

it('refuses to continue a response that has not ended', async () => {
  const store = await openTestStore();
  await store.saveResponse(storedResponse('a', { status: 'in_progress', background: true }));
  await expect(saidBefore(createResponseHistory(store), 'a')).rejects.toMatchObject({
    code: 'invalid_value',
    detail: { param: 'previous_response_id' },
  });
});

it('finds items of the connection first, then of the store, and omits unknown ones', async () => {
  const store = await storeOf('a');
  const again = storedResponse('b', { input: [message('in_a', 'another text'), message('in_b', 'text')] });
  const { items } = await createResponseHistory(store, own(again)).resolve({
    ...NOTHING,
    itemIds: ['in_a', 'out_a', 'in_b', 'x'],
  });
  expect([...items.keys()].toSorted()).toEqual(['in_a', 'in_b', 'out_a']);
  expect(items.get('in_a')).toEqual(message('in_a', 'another text'));
});
