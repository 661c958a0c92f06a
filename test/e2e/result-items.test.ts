import type { ResponseInputItem } from 'openai/resources/responses/responses';
import { beforeEach, describe, expect, it } from 'vitest';
import { askResponse } from '../support/ask-response.ts';
import { dataUrl, SMALL } from '../support/images.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
beforeEach(() => gateway.upstream.use(say('Done.')));

const QUESTION: ResponseInputItem = { type: 'message', role: 'user', content: 'Look.' };
const MCP: ResponseInputItem = {
  type: 'mcp_call',
  id: 'mcp_1',
  name: 'read',
  server_label: 'files',
  arguments: '{}',
  output: 'Tea is hot.',
  status: 'completed',
};
const IMAGE: ResponseInputItem = {
  type: 'image_generation_call',
  id: 'ig_1',
  status: 'completed',
  result: SMALL.png.toString('base64'),
};
const sent = () =>
  gateway.upstream.requests.at(-1)!.body.input.map(({ role, content }) => ({ role, content }));

const EXPECTED = [
  { role: 'user', content: [{ text: 'Look.' }] },
  { role: 'developer', content: [{ text: expect.stringContaining('Tea is hot.') as string }] },
  {
    role: 'developer',
    content: [{ type: 'input_text' }, { type: 'input_image', image_url: dataUrl(SMALL.png) }],
  },
  { role: 'user', content: [{ text: 'Look.' }] },
];
const INPUT = [QUESTION, MCP, IMAGE, QUESTION];

describe.each(['gpt-5.5', 'gpt-6-sol'])('results of tools that the provider ran, on %s,', (model) => {
  it('are sent upstream as developer messages in their places, and stored unchanged', async () => {
    const { status, headers, response } = await askResponse(gateway, { model, input: INPUT });
    expect(status).toBe(200);
    expect(headers.get('x-codex-gateway-adjusted')).toBe(
      'input[1]=mcp_call->message, input[2]=image_generation_call->message',
    );
    expect(headers.get('x-codex-gateway-ignored')).toBeNull();
    expect(sent()).toMatchObject(EXPECTED);
    const { data } = await gateway.client.responses.inputItems.list(response!.id, { order: 'asc' });
    expect(data.slice(1, 3)).toMatchObject([MCP, IMAGE]);
    const next = { model, previous_response_id: response!.id, input: 'And?' };
    expect((await askResponse(gateway, next)).status).toBe(200);
    expect(sent().slice(0, 4)).toMatchObject(EXPECTED);
  });
});

it('results of tools that the provider ran are accepted in a conversation', async () => {
  const { id } = await gateway.client.conversations.create({ items: INPUT });
  const { data } = await gateway.client.conversations.items.list(id, { order: 'asc' });
  expect(data.slice(1, 3)).toMatchObject([MCP, IMAGE]);
  expect((await askResponse(gateway, { conversation: id, input: 'And?' })).status).toBe(200);
  expect(sent().slice(0, 4)).toMatchObject(EXPECTED);
});

it('an invalid image gets a 400 that names the field', async () => {
  const { status, error } = await askResponse(gateway, { input: [{ ...IMAGE, result: 'AAAA' }, QUESTION] });
  expect([status, error?.param]).toEqual([400, 'input[0].result']);
  expect(error?.message).toContain('is not a readable PNG, JPEG, GIF or WebP');
});

it('a call of a provider-run tool without a result is left out', async () => {
  const { status, headers } = await askResponse(gateway, { input: [{ ...MCP, output: null }, QUESTION] });
  expect([status, headers.get('x-codex-gateway-ignored')]).toEqual([200, 'input[]']);
  expect(sent()).toHaveLength(1);
});
