import OpenAI from 'openai';
import type { ConversationItem } from 'openai/resources/conversations/items';
import type { ResponseReasoningItem } from 'openai/resources/responses/responses';
import { describe, expect, it } from 'vitest';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const say = (content: string, role: 'user' | 'assistant' = 'user') => ({ role, content });
const TEXTS = Array.from({ length: 20 }, (_, index) => `text ${index}`);
const textsOf = (items: readonly ConversationItem[]) =>
  items.map((item) =>
    item.type === 'message' && 'text' in item.content[0]! ? item.content[0].text : item.type,
  );

const CALL = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' } as const;
const OUTPUT = { type: 'function_call_output', call_id: 'call_1', output: 'done' } as const;
const HIDDEN: ResponseReasoningItem = { type: 'reasoning', id: 'rs_1', summary: [], status: 'completed' };
const THOUGHT: ResponseReasoningItem = { ...HIDDEN, encrypted_content: 'sealed' };

/** Returns the error with which a call is refused. */
async function refusal(call: Promise<unknown>) {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof OpenAI.APIError)) throw new Error('it was not refused', { cause: error });
  const { status, code, param, type } = error;
  return { status, code, param, type, message: error.message };
}

describe('a conversation through the openai SDK', () => {
  it('is created empty, updated and deleted', async () => {
    const { conversations } = gateway.client;
    const created = await conversations.create();
    expect(created).toEqual({
      id: expect.stringMatching(/^conv_/) as string,
      object: 'conversation',
      created_at: expect.any(Number) as number,
      metadata: {},
    });
    const updated = await conversations.update(created.id, { metadata: { topic: 'x' } });
    expect(updated).toEqual({ ...created, metadata: { topic: 'x' } });
    expect(await conversations.retrieve(created.id)).toEqual(updated);
    expect(await conversations.update(created.id, { metadata: null })).toEqual(created);
    expect((await conversations.items.list(created.id)).data).toEqual([]);
    expect(await conversations.delete(created.id)).toEqual({
      id: created.id,
      object: 'conversation.deleted',
      deleted: true,
    });
    await expect(conversations.retrieve(created.id)).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  it('is created with items that get ids, statuses and parts', async () => {
    const { conversations } = gateway.client;
    const { id } = await conversations.create({
      items: [say('hello'), say('hi', 'assistant'), CALL, OUTPUT, THOUGHT],
      metadata: { topic: 'x' },
    });
    const { data } = await conversations.items.list(id, { order: 'asc' });
    expect(data).toEqual([
      {
        id: expect.stringMatching(/^msg_/) as string,
        type: 'message',
        status: 'completed',
        role: 'user',
        content: [{ type: 'input_text', text: 'hello' }],
      },
      {
        id: expect.stringMatching(/^msg_/) as string,
        type: 'message',
        status: 'completed',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'hi', annotations: [], logprobs: [] }],
      },
      { ...CALL, id: expect.stringMatching(/^fc_/) as string, status: 'completed' },
      { ...OUTPUT, id: expect.stringMatching(/^fc/) as string, status: 'completed' },
      HIDDEN,
    ]);
  });

  it('lists its items page by page in either order', async () => {
    const { items, create } = bound();
    const { id } = await create();
    for (const part of [TEXTS.slice(0, 7), TEXTS.slice(7)]) {
      const added = await items.create(id, { items: part.map((text) => say(text)) });
      expect(added).toMatchObject({ object: 'list', has_more: false, first_id: added.data[0]!.id });
      expect(textsOf(added.data)).toEqual(part);
    }
    for (const limit of [3, 20, 100]) {
      const asc = await Array.fromAsync(items.list(id, { limit, order: 'asc' }));
      expect(textsOf(asc)).toEqual(TEXTS);
      expect(await Array.fromAsync(items.list(id, { limit }))).toEqual(asc.toReversed());
    }
  });

  it('returns and deletes an item by its id', async () => {
    const { items, create } = bound();
    const conversation = await create({ items: [say('a'), say('b')] });
    const { id: conversation_id } = conversation;
    const { data } = await items.list(conversation_id);
    const { id } = data[0] as { id: string };
    expect(await items.retrieve(id, { conversation_id })).toEqual(data[0]);
    expect(await items.delete(id, { conversation_id })).toEqual(conversation);
    expect(textsOf((await items.list(conversation_id)).data)).toEqual(['a']);
    expect(await refusal(items.retrieve(id, { conversation_id }))).toMatchObject({
      status: 404,
      code: null,
      type: 'invalid_request_error',
      message: expect.stringContaining(id) as string,
    });
    await expect(items.delete(id, { conversation_id })).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  it('shows encrypted reasoning only when it is asked for', async () => {
    const { items, create } = bound();
    const include = ['reasoning.encrypted_content' as const];
    const { id: conversation_id } = await create();
    expect((await items.create(conversation_id, { items: [THOUGHT] })).data).toEqual([HIDDEN]);
    expect((await items.create(conversation_id, { items: [THOUGHT], include })).data).toEqual([THOUGHT]);
    expect((await items.list(conversation_id)).data).toEqual([HIDDEN]);
    expect((await items.list(conversation_id, { include })).data).toEqual([THOUGHT]);
    expect(await items.retrieve('rs_1', { conversation_id })).toEqual(HIDDEN);
    expect(await items.retrieve('rs_1', { conversation_id, include })).toEqual(THOUGHT);
  });

  it('accepts items of another conversation by their ids', async () => {
    const { items, create } = bound();
    const { id: first } = await create({ items: [say('a')] });
    const { data } = await items.list(first);
    const { id } = data[0] as { id: string };
    const { id: second } = await create({ items: [{ type: 'item_reference', id }] });
    expect((await items.list(second)).data).toEqual(data);
  });

  it('accepts a result after other items have followed its call', async () => {
    const { items, create } = bound();
    const { id } = await create({ items: [say('a'), CALL] });
    await items.create(id, { items: [say('b')] });
    await items.create(id, { items: [OUTPUT] });
    expect(textsOf((await items.list(id, { order: 'asc' })).data)).toEqual([
      'a',
      'function_call',
      'b',
      'function_call_output',
    ]);
  });
});

describe('an invalid conversation request', () => {
  it.each<[param: string, code: string, body: object]>([
    ['items', 'invalid_value', { items: 'hello' }],
    ['items', 'invalid_value', { items: Array.from({ length: 21 }, () => say('a')) }],
    ['items[1].role', 'invalid_value', { items: [say('a'), { role: 'critic', content: 'a' }] }],
    ['items[0].content[0]', 'unsupported_parameter', { items: [{ role: 'user', content: [{ type: 'x' }] }] }],
    ['items[0]', 'unsupported_parameter', { items: [{ type: 'telepathy' }] }],
    ['items[0]', 'invalid_value', { items: [OUTPUT] }],
    [
      'items[1]',
      'invalid_value',
      {
        items: [
          { ...say('a'), id: 'msg_a' },
          { ...say('b'), id: 'msg_a' },
        ],
      },
    ],
    [
      'items[0].encrypted_content',
      'invalid_value',
      { items: [{ type: 'compaction', encrypted_content: 'x' }] },
    ],
    ['metadata', 'invalid_value', { metadata: Object.fromEntries(TEXTS.map((text) => [text, 'a'])) }],
    ['metadata.a', 'invalid_value', { metadata: { a: 1 } }],
  ])('gets a 400 that names %s (case %#)', async (param, code, body) => {
    const told = await refusal(gateway.client.conversations.create(body));
    expect(told).toMatchObject({ status: 400, param, code });
    expect(told.message).toContain(`'${param}'`);
  });

  it('gets a 404 for an unknown item reference', async () => {
    const items = [{ type: 'item_reference' as const, id: 'msg_nobody' }];
    const told = await refusal(gateway.client.conversations.create({ items }));
    expect(told).toMatchObject({ status: 404, code: null, param: 'items' });
  });

  it('stores none of its items', async () => {
    const { items, create } = bound();
    const { id } = await create();
    await refusal(items.create(id, { items: [say('a'), OUTPUT] }));
    expect((await items.list(id)).data).toEqual([]);
  });

  it('gets a 400 for an unknown field in strict mode and a notice otherwise', async () => {
    const body = JSON.stringify({ items: [{ ...say('a'), mood: 'good' }], colour: 'red' });
    const told = await gateway.fetch('/v1/conversations', { method: 'POST', body });
    expect(told.status).toBe(200);
    expect(told.headers.get('x-codex-gateway-ignored')).toBe('colour, items[].mood');
    const headers = { 'x-codex-gateway-strict': '1' };
    const strict = await gateway.fetch('/v1/conversations', { method: 'POST', body, headers });
    expect(strict.status).toBe(400);
  });

  it.each([
    ['GET', ''],
    ['POST', ''],
    ['DELETE', ''],
    ['GET', '/items'],
    ['POST', '/items'],
    ['GET', '/items/msg_a'],
    ['DELETE', '/items/msg_a'],
  ])('gets a 404 when it is a %s to a missing conversation%s', async (method, path) => {
    const body = method === 'POST' ? JSON.stringify({ metadata: {}, items: [say('a')] }) : null;
    const response = await gateway.fetch(`/v1/conversations/conv_x${path}`, { method, body });
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      error: {
        message: "Conversation with id 'conv_x' not found.",
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
    });
  });
});

function bound() {
  const { conversations } = gateway.client;
  return { items: conversations.items, create: conversations.create.bind(conversations) };
}
