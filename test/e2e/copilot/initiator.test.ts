import { expect, it } from 'vitest';
import { shareCopilotGateway } from '../../support/copilot/copilot-fakes.ts';
import { call } from '../../support/upstream-tools.ts';
import { say } from '../../support/upstream.ts';
import { CALLS, CITY_SCHEMA, TOOL } from '../../support/weather.ts';

const gateway = shareCopilotGateway();

const model = 'copilot/gpt-5.5';
const question = { role: 'user', content: 'How warm is it in Berlin?' } as const;

const initiators = () => gateway.copilot.responses.map(({ headers }) => headers['x-initiator']);

it('a question to a model of Copilot is by the user, and the result of its tool by the agent', async () => {
  gateway.copilot.use(call(CALLS[0]), say('20 degrees'));
  const tools = [{ type: 'function' as const, function: { ...TOOL, parameters: CITY_SCHEMA } }];
  const first = await gateway.client.chat.completions.create({ model, tools, messages: [question] });
  const { message } = first.choices[0]!;
  const result = { role: 'tool' as const, tool_call_id: message.tool_calls![0]!.id, content: '20' };
  await gateway.client.chat.completions.create({ model, tools, messages: [question, message, result] });
  expect(initiators()).toEqual(['user', 'agent']);
});

it('a question that asks for JSON is by the user, and the second one of the gateway itself by the agent', async () => {
  gateway.copilot.use(say('not JSON'), say('{"a":1}'));
  const answer = await gateway.client.chat.completions.create({
    model,
    messages: [question],
    response_format: { type: 'json_object' },
  });
  expect(answer.choices[0]?.message.content).toBe('{"a":1}');
  expect(initiators()).toEqual(['user', 'agent']);
});

it('the metadata of its turns stay on the machine', async () => {
  gateway.copilot.use(say('hi'));
  await gateway.client.chat.completions.create({ model, messages: [question] });
  const [request] = gateway.copilot.responses;
  expect(JSON.stringify([request?.headers, request?.body])).not.toContain('x-codex-turn-metadata');
  expect(gateway.log.lines.join('\n')).toContain('client_metadata.x-codex-turn-metadata');
});
