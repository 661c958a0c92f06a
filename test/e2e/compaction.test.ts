import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { describe, expect, it } from 'vitest';
import { INSTRUCTIONS } from '../../src/gateway/answer/instructions.ts';
import { startTestGateway } from '../support/gateway.ts';
import { refuse, say, type UpstreamRequest } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const SUMMARY = 'Ann wants tea.';
const ASKED: ResponseInputItem[] = [
  { role: 'developer', content: 'Be kind.' },
  { role: 'user', content: 'I am Ann.' },
  { role: 'assistant', content: 'Hello, Ann.' },
  { role: 'user', content: 'I want tea.' },
];
const BODY = { model: 'gpt-5.5', input: ASKED };

const textsIn = (request: UpstreamRequest | undefined, role: string) =>
  (request?.body.input ?? []).flatMap((item) =>
    item.role === role ? (item.content ?? []).map(({ text }) => text) : [],
  );
const lastRequest = () => gateway.upstream.requests.at(-1);

async function compact(body: object = BODY) {
  gateway.upstream.use(say(SUMMARY));
  return await gateway.client.responses.compact({ ...BODY, ...body });
}

const post = (body: object, headers: Record<string, string> = {}) =>
  gateway.fetch('/v1/responses/compact', { method: 'POST', body: JSON.stringify(body), headers });

describe.each(['gpt-5.5', 'gpt-6-sol'])('a compaction on %s', (model) => {
  it("returns the user's messages and a sealed summary that the model writes at the end", async () => {
    const compacted = await compact({ model, instructions: 'Speak as a pirate.' });
    const said = { type: 'message', role: 'user', status: 'completed' };
    const id = (prefix: string) => expect.stringMatching(new RegExp(`^${prefix}_\\w{32}$`)) as string;
    expect(compacted).toEqual({
      id: id('resp'),
      object: 'response.compaction',
      created_at: expect.any(Number) as number,
      output: [
        { ...said, id: id('msg'), content: [{ type: 'input_text', text: 'I am Ann.' }] },
        { ...said, id: id('msg'), content: [{ type: 'input_text', text: 'I want tea.' }] },
        { id: id('cmp'), type: 'compaction', encrypted_content: expect.any(String) as string },
      ],
      usage: {
        input_tokens: 11,
        input_tokens_details: { cached_tokens: 3, cache_write_tokens: 0 },
        output_tokens: 7,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 18,
      },
    });
    expect(JSON.stringify(compacted)).not.toContain(SUMMARY);
    expect(gateway.upstream.requests).toHaveLength(1);
    expect(textsIn(lastRequest(), 'user')).toContain('I want tea.');
    expect(textsIn(lastRequest(), 'assistant')).toEqual(['Hello, Ann.']);
    const told = textsIn(lastRequest(), 'developer');
    expect(told).toEqual(expect.arrayContaining(['Be kind.', 'Speak as a pirate.']));
    expect(told.at(-1)).toBe(INSTRUCTIONS.summary);
  });

  it('replaces the conversation in the next response', async () => {
    const { output } = await compact({ model });
    gateway.upstream.use(say('Here it is.'));
    const input = [...(output as ResponseInputItem[]), { role: 'user' as const, content: 'And?' }];
    const { output_text: text } = await gateway.client.responses.create({ model, input });
    expect(text).toBe('Here it is.');
    const said = textsIn(lastRequest(), 'user').slice(-4);
    expect(said).toEqual(['I am Ann.', 'I want tea.', expect.stringContaining(SUMMARY), 'And?']);
    expect(textsIn(lastRequest(), 'assistant')).toEqual([]);
  });
});

it('a compaction includes the previous response and is not stored as a response itself', async () => {
  const { responses } = gateway.client;
  gateway.upstream.use(say('Hello, Ann.'));
  const first = await responses.create({ model: 'gpt-5.5', input: 'I am Ann.' });
  const { id, output } = await compact({ previous_response_id: first.id, input: 'I want tea.' });
  expect(textsIn(lastRequest(), 'assistant')).toEqual(['Hello, Ann.']);
  expect(output.slice(0, -1)).toMatchObject([
    { role: 'user', content: [{ text: 'I am Ann.' }] },
    { role: 'user', content: [{ text: 'I want tea.' }] },
  ]);
  const alone = await compact({ previous_response_id: first.id, input: undefined });
  expect(alone.output).toHaveLength(2);
  await expect(responses.retrieve(id)).rejects.toMatchObject({ status: 404 });
});

it('a compaction can be compacted', async () => {
  const { output } = await compact();
  const again = await compact({ input: [...output, { role: 'user', content: 'With milk.' }] });
  expect(textsIn(lastRequest(), 'user')).toEqual(
    expect.arrayContaining([expect.stringContaining(SUMMARY), 'With milk.']),
  );
  expect(again.output.map(({ type }) => type)).toEqual(['message', 'message', 'message', 'compaction']);
});

it('a compaction can be kept in a conversation', async () => {
  const { client, upstream } = gateway;
  const { output } = await compact();
  const { id } = await client.conversations.create({ items: output as ResponseInputItem[] });
  upstream.use(say('Yes.'));
  await client.responses.create({ model: 'gpt-5.5', conversation: id, input: 'Ready?' });
  expect(textsIn(lastRequest(), 'user').join()).toContain(SUMMARY);
});

describe('a sealed summary', () => {
  it('is readable only by gateways with the same state folder', async () => {
    const { output } = await compact();
    const request = { model: 'gpt-5.5', input: output as ResponseInputItem[] };
    const sharing = await startTestGateway({
      environment: { XDG_STATE_HOME: gateway.stateDirectory.replace(/\/codex-gateway$/, '') },
    });
    const stranger = await startTestGateway();
    try {
      await sharing.client.responses.create(request);
      expect(textsIn(sharing.upstream.requests[0], 'user').join()).toContain(SUMMARY);
      await expect(stranger.client.responses.create(request)).rejects.toMatchObject({
        status: 400,
        param: 'input[2].encrypted_content',
        message: expect.stringContaining('another gateway') as string,
      });
      expect(stranger.upstream.requests).toEqual([]);
    } finally {
      await Promise.all([sharing.close(), stranger.close()]);
    }
  });
});

describe('a compaction that fails', () => {
  it('is an error when the summary is empty', async () => {
    gateway.upstream.use(say(' '));
    const response = await post(BODY);
    expect(response.status).toBe(502);
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_answer' } });
  });

  it('has the status of the provider’s failure', async () => {
    gateway.upstream.use(refuse(429, { error: { message: 'slow down' } }));
    expect((await post(BODY)).status).toBe(429);
  });

  it.each<[param: string, body: object]>([
    ['input', { model: 'gpt-5.5' }],
    ['model', { input: 'hello' }],
    ['model', { model: 'gpt-unknown', input: 'hello' }],
    ['previous_response_id', { model: 'gpt-5.5', previous_response_id: 'resp_x' }],
    ['input[0].role', { model: 'gpt-5.5', input: [{ role: 'critic', content: 'x' }] }],
  ])('is refused for its %s before a model is asked', async (param, body) => {
    const response = await post(body);
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect(response.status).toBeLessThan(500);
    expect(await response.json()).toMatchObject({ error: { param } });
    expect(gateway.upstream.requests).toEqual([]);
  });
});

it('a compaction names what it ignores, and strict mode refuses that', async () => {
  gateway.upstream.use(say(SUMMARY));
  const body = { ...BODY, prompt_cache_key: 'a', colour: 'red' };
  const response = await post(body);
  expect(response.status).toBe(200);
  expect(response.headers.get('x-codex-gateway-ignored')).toContain('prompt_cache_key');
  expect((await post(body, { 'x-codex-gateway-strict': '1' })).status).toBe(400);
});

it('a compaction refuses a conversation with a clear error', async () => {
  const { id } = await gateway.client.conversations.create({ items: [{ role: 'user', content: 'secret' }] });
  gateway.upstream.use(say(SUMMARY));
  const response = await post({ ...BODY, conversation: id });
  expect(response.headers.get('x-codex-gateway-ignored')).toBe('conversation');
  expect(textsIn(lastRequest(), 'user')).not.toContain('secret');
});

it('a compaction requested again with its key returns the same result from one turn', async () => {
  gateway.upstream.use(say(SUMMARY));
  const headers = { 'idempotency-key': 'compact-once' };
  const [first, second] = await Promise.all(
    [post(BODY, headers), post(BODY, headers)].map(async (response) => (await response).json()),
  );
  expect((first as { id: string }).id).toBe((second as { id: string }).id);
  expect(gateway.upstream.requests).toHaveLength(1);
});
