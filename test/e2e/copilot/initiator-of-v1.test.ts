import { expect, it } from 'vitest';
import { shareCopilotGateway } from '../../support/copilot/copilot-fakes.ts';
import { inOrder } from '../../support/upstream-answers.ts';
import { say, sendItem } from '../../support/upstream.ts';

const gateway = shareCopilotGateway();

const messages = [{ role: 'user', content: 'hi' }];
const tool = {
  type: 'function',
  function: { name: 'add', parameters: { type: 'object', properties: { a: { type: 'number' } } } },
};
const call = { type: 'function_call', call_id: 'call_1', name: 'add', arguments: '{"a":1}' };

async function post(body: object): Promise<void> {
  const response = await gateway.post({ model: 'copilot/gpt-5.5', messages, ...body });
  expect(response.status).toBe(200);
}

const initiators = () => gateway.copilot.responses.map(({ headers }) => headers['x-initiator']);

it('a question of a client is a request of the user', async () => {
  gateway.copilot.use(say('Hello.'));
  await post({});
  expect(initiators()).toEqual(['user']);
});

it('so is one that asks for JSON, and the repair that the gateway asks for is a request of an agent', async () => {
  gateway.copilot.use(inOrder(say('no JSON'), say('{"a":1}')));
  await post({ response_format: { type: 'json_object' } });
  expect(initiators()).toEqual(['user', 'agent']);
});

it('a call that the gateway has to ask for is a request of an agent', async () => {
  gateway.copilot.use(inOrder(say('I would rather not.'), say('{"name":"add","arguments":{"a":1}}')));
  await post({ tools: [tool], tool_choice: 'required' }).catch(() => {});
  expect(initiators().slice(0, 2)).toEqual(['user', 'agent']);
});

it('of several answers to one question, one is a request of the user', async () => {
  gateway.copilot.use(say('Hello.'));
  await post({ n: 3 });
  expect(initiators().filter((initiator) => initiator === 'user')).toHaveLength(1);
  expect(initiators().filter((initiator) => initiator === 'agent')).toHaveLength(2);
});

it('the results of tools are sent by an agent, on the thread of the call and on a new one', async () => {
  gateway.copilot.use(inOrder(sendItem(call), say('1')));
  await post({ tools: [tool] });
  const called = {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'add', arguments: '{"a":1}' } }],
  };
  const result = { role: 'tool', tool_call_id: 'call_1', content: '1' };
  await post({ tools: [tool], messages: [...messages, called, result] });
  expect(initiators()).toEqual(['user', 'agent']);
  gateway.copilot.use(say('1'));
  await post({ tools: [tool], messages: [{ role: 'user', content: 'another' }, called, result] });
  expect(initiators()).toEqual(['user', 'agent', 'agent']);
  await post({ messages: [...messages, called, result, { role: 'user', content: 'thanks' }] });
  expect(initiators().at(-1)).toBe('user');
});

it('a summary of a conversation is a request of an agent', async () => {
  gateway.copilot.use(say('We said hello.'));
  const response = await gateway.fetch('/v1/responses/compact', {
    method: 'POST',
    body: JSON.stringify({ model: 'copilot/gpt-5.5', input: 'hi' }),
  });
  expect(response.status).toBe(200);
  expect(initiators()).toEqual(['agent']);
});

it('the metadata of its turns stay on the machine', async () => {
  gateway.copilot.use(say('hi'));
  await post({});
  const [request] = gateway.copilot.responses;
  expect(JSON.stringify([request?.headers, request?.body])).not.toContain('x-codex-turn-metadata');
  expect(gateway.log.lines.join('\n')).toContain('client_metadata.x-codex-turn-metadata');
});
