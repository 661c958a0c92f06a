import { describe, expect, it } from 'vitest';
import type { ResponseStatus } from '../../src/conversation/ports/store.ts';
import { openTestStore, openTestStores } from '../support/open-test-stores.ts';
import { message, storedResponse } from '../support/stored-response.ts';

describe('a response', () => {
  it('is returned as it was saved, with its keys in order', async () => {
    const { forToken, path, close } = await openTestStores();
    const response = storedResponse('r', {
      body: {
        id: 'r',
        output: [{ type: 'message', id: 'out_r', content: '\u0000 \ud800 😀' }, { type: 'no id' }],
        usage: { total_tokens: 12 },
        temperature: null,
      },
      input: [message('b', 'same'), message('a', 'same'), { role: 'user', id: 'c', content: 'text' }],
      previousId: 'before',
      conversationId: 'conversation',
      background: true,
    });
    const events = [{ type: 'response.created' }, { type: 'response.completed' }];
    expect(await forToken('token').saveResponse(response)).toBe(true);
    await forToken('token').saveEvents('r', events);
    await forToken('other').saveEvents('r', []);
    close();
    const found = await (await openTestStores({ path })).forToken('token').findResponse('r');
    expect(found).toEqual({ ...response, events });
    expect(JSON.stringify(found!.body)).toBe(JSON.stringify(response.body));
    expect(JSON.stringify(found!.input)).toBe(JSON.stringify(response.input));
  });

  it('may have no output and no input', async () => {
    const store = await openTestStore();
    const response = storedResponse('r', { body: { id: 'r' }, status: 'queued', input: [] });
    await store.saveResponse(response);
    expect(await store.findResponse('r')).toEqual(response);
  });

  it('can be updated until it ends and never after that', async () => {
    const store = await openTestStore();
    await store.saveResponse(storedResponse('r', { status: 'queued' }));
    const partial = storedResponse('r', {
      status: 'in_progress',
      body: { status: 'in_progress', output: [message('part', 'so far')] },
    });
    expect(await store.saveResponse(partial)).toBe(true);
    expect(await store.findResponse('r')).toEqual(partial);
    const end = storedResponse('r');
    expect(await store.saveResponse(end)).toBe(true);
    expect(await store.saveResponse(storedResponse('r', { status: 'cancelled' }))).toBe(false);
    expect(await store.saveResponse(partial)).toBe(false);
    expect(await store.findResponse('r')).toEqual(end);
    expect([...(await store.findItems(['part', 'in_r', 'out_r'])).keys()].toSorted()).toEqual([
      'in_r',
      'out_r',
    ]);
  });

  it.each<ResponseStatus>(['completed', 'incomplete', 'failed', 'cancelled'])(
    'that is %s can no longer be changed',
    async (status) => {
      const store = await openTestStore();
      expect(await store.saveResponse(storedResponse('r', { status }))).toBe(true);
      expect(await store.saveResponse(storedResponse('r', { status: 'completed' }))).toBe(false);
      expect((await store.findResponse('r'))!.status).toBe(status);
    },
  );

  it('that is deleted is gone with its items, and later saves do not bring it back', async () => {
    const store = await openTestStore();
    await store.saveResponse(storedResponse('r', { status: 'in_progress' }));
    expect(await store.deleteResponse('r')).toBe(true);
    expect(await store.deleteResponse('r')).toBe(false);
    expect(await store.saveResponse(storedResponse('r', { status: 'in_progress' }))).toBe(false);
    expect(await store.saveResponse(storedResponse('r'))).toBe(false);
    expect(await store.findResponse('r')).toBeUndefined();
    expect(await store.findItems(['in_r', 'out_r'])).toEqual(new Map());
  });
});

describe('a thread', () => {
  it('holds every response that a response continues, oldest first and without events', async () => {
    const store = await openTestStore();
    const [a, b, c] = [undefined, 'a', 'b'].map((previousId, place) =>
      storedResponse('abc'[place]!, { previousId, events: [{ type: 'response.completed' }] }),
    );
    for (const response of [a, b, c]) await store.saveResponse(response!);
    await store.saveResponse(storedResponse('other', { previousId: 'a' }));
    expect(await store.findResponseChain('c')).toEqual(
      [a, b, c].map((one) => ({ ...one, events: undefined })),
    );
    expect((await store.findResponseChain('a'))!.map(({ id }) => id)).toEqual(['a']);
  });

  it('is undefined when a response in it is missing', async () => {
    const store = await openTestStore();
    await store.saveResponse(storedResponse('a'));
    await store.saveResponse(storedResponse('b', { previousId: 'a' }));
    await store.saveResponse(storedResponse('c', { previousId: 'b' }));
    await store.deleteResponse('a');
    expect(await store.findResponseChain('c')).toBeUndefined();
    expect(await store.findResponseChain('x')).toBeUndefined();
    expect((await store.findResponse('c'))!.id).toBe('c');
  });

  it('is undefined when its responses form a circle', async () => {
    const store = await openTestStore();
    await store.saveResponse(storedResponse('a', { previousId: 'b' }));
    await store.saveResponse(storedResponse('b', { previousId: 'a' }));
    expect(await store.findResponseChain('b')).toBeUndefined();
  });
});

describe('stored items', () => {
  it('are found by id among input and output of several responses, without unknown ids', async () => {
    const store = await openTestStore();
    await store.saveResponse(storedResponse('a'));
    await store.saveResponse(storedResponse('b'));
    expect(await store.findItems(['out_a', 'in_b', 'x', "'; --"])).toEqual(
      new Map([
        ['in_b', message('in_b', 'question of b')],
        ['out_a', message('out_a', 'answer of a')],
      ]),
    );
    expect(await store.findItems([])).toEqual(new Map());
  });

  it('with the same id stay separate per response, and the last one added is found', async () => {
    const store = await openTestStore();
    const [older, newer] = [message('i', 'older'), message('i', 'newer')];
    await store.saveResponse(storedResponse('a', { input: [older] }));
    await store.saveResponse(storedResponse('b', { input: [newer] }));
    expect(await store.findItems(['i'])).toEqual(new Map([['i', newer]]));
    expect((await store.findResponse('a'))!.input).toEqual([older]);
    await store.deleteResponse('b');
    expect(await store.findItems(['i'])).toEqual(new Map([['i', older]]));
  });

  it('with equal content remain for other responses when one response is deleted', async () => {
    const store = await openTestStore();
    await store.saveResponse(storedResponse('a', { input: [message('i', 'same'), message('j', 'same')] }));
    await store.saveResponse(storedResponse('b', { input: [message('i', 'same')] }));
    await store.deleteResponse('a');
    expect(await store.findItems(['i', 'j'])).toEqual(new Map([['i', message('i', 'same')]]));
    expect((await store.findResponse('b'))!.input).toEqual([message('i', 'same')]);
  });
});
