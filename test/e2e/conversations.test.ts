import { describe, expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { say, type UpstreamItem } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

/** Returns the texts in a request from Codex. */
const saidIn = (input: readonly UpstreamItem[]) =>
  input.flatMap(({ role, content }) =>
    role === 'user' || role === 'assistant' ? (content ?? []).map(({ text }) => text) : [],
  );

const textOf = (item: object) =>
  'content' in item && Array.isArray(item.content) ? (item.content[0] as { text: string }).text : undefined;

describe.each(['gpt-5.5', 'gpt-6-sol'])('a conversation on %s', (model) => {
  it('continues from response to response', async () => {
    const { client, upstream } = gateway;
    const { id } = await client.conversations.create({
      items: [{ role: 'user', content: 'My name is Ann.' }],
    });
    upstream.use(say('Hello, Ann.'));
    const first = await client.responses.create({ model, conversation: id, input: 'Hello.' });
    expect(first).toMatchObject({ status: 'completed', conversation: { id } });
    upstream.use(say('Ann.'));
    await client.responses.create({ model, conversation: { id }, input: 'Who am I?' });
    expect(saidIn(upstream.requests.at(-1)!.body.input)).toEqual([
      'My name is Ann.',
      'Hello.',
      'Hello, Ann.',
      'Who am I?',
    ]);
    const { data } = await client.conversations.items.list(id, { order: 'asc' });
    expect(data.map(textOf)).toEqual(['My name is Ann.', 'Hello.', 'Hello, Ann.', 'Who am I?', 'Ann.']);
    expect(data.slice(2, 3)).toMatchObject(first.output);
  });

  it('continues without an item that was deleted', async () => {
    const { client, upstream } = gateway;
    upstream.use(say('Hello.'));
    const { id } = await client.conversations.create();
    const { data } = await client.conversations.items.create(id, {
      items: ['one', 'two'].map((content) => ({ role: 'user' as const, content })),
    });
    await client.conversations.items.delete((data[0] as { id: string }).id, { conversation_id: id });
    await client.responses.create({ model, conversation: id, input: 'three' });
    expect(saidIn(upstream.requests.at(-1)!.body.input)).toEqual(['two', 'three']);
  });
});

it('every route of conversations says when the store is off', async () => {
  const off = await startTestGateway({ config: { store: false } });
  try {
    for (const [method, path] of [
      ['POST', ''],
      ['GET', '/conv_x'],
      ['POST', '/conv_x'],
      ['DELETE', '/conv_x'],
      ['GET', '/conv_x/items'],
      ['POST', '/conv_x/items'],
      ['GET', '/conv_x/items/msg_x'],
      ['DELETE', '/conv_x/items/msg_x'],
    ] as const) {
      const body = method === 'POST' ? '{"metadata":{}}' : null;
      const response = await off.fetch(`/v1/conversations${path}`, { method, body });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({
        error: { code: 'store_off', message: expect.stringContaining("setting 'store' is false") as string },
      });
    }
  } finally {
    await off.close();
  }
});

it('a conversation outlives its gateway', async () => {
  const { id } = await gateway.client.conversations.create({ metadata: { topic: 'x' } });
  const other = await startTestGateway({
    environment: { XDG_STATE_HOME: gateway.stateDirectory.replace(/\/codex-gateway$/, '') },
  });
  try {
    expect(await other.client.conversations.retrieve(id)).toMatchObject({ id, metadata: { topic: 'x' } });
  } finally {
    await other.close();
  }
});
