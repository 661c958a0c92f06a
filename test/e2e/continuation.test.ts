import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { beforeEach, describe, expect, it } from 'vitest';
import { inOrder, sayReasoning, thinkAndCall } from '../support/upstream-answers.ts';
import { call } from '../support/upstream-tools.ts';
import { say, type UpstreamItem } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();
beforeEach(() => void gateway.upstream.requests.splice(0));

const TOOLS = [{ type: 'function' as const, function: { name: 'look', parameters: { type: 'object' } } }];

async function ask(messages: readonly ChatCompletionMessageParam[], further: object = {}) {
  const { choices } = await gateway.client.chat.completions.create({
    model: 'gpt-5.5',
    messages: [...messages],
    ...further,
  });
  return choices[0]!.message;
}

/** The conversation of a request upstream, in short. */
const shortForm = (input: readonly UpstreamItem[]) =>
  input.map(({ type = '', role = '', content, call_id: id = '', arguments: args = '', output = '' }) =>
    [type, role, content?.[0]?.text ?? '', id, args, typeof output === 'string' ? output : 'parts']
      .filter((part) => part !== '')
      .join(' '),
  );

const sent = () => gateway.upstream.requests.map(({ body }) => shortForm(body.input));
const keys = () => new Set(gateway.upstream.requests.map(({ body }) => body.prompt_cache_key));

describe('a conversation by chat completions', () => {
  it('goes on in its thread, under the same cache key, with the reasoning of the model', async () => {
    gateway.upstream.use(
      inOrder(sayReasoning([['Hm.']], 'One.'), sayReasoning([['Hm again.']], 'Two.'), say('Three.')),
    );
    const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'Count.' }];
    for (const next of ['Go on.', 'And on.']) {
      messages.push(await ask(messages), { role: 'user', content: next });
    }
    expect((await ask(messages)).content).toBe('Three.');
    expect(keys().size).toBe(1);
    expect(sent().at(-1)).toEqual([
      'message user Count.',
      'reasoning',
      'message assistant One.',
      'message user Go on.',
      'reasoning',
      'message assistant Two.',
      'message user And on.',
    ]);
  });
});

describe('a tool loop by chat completions', () => {
  it('goes on in the same turn', async () => {
    gateway.upstream.use(
      inOrder(
        thinkAndCall('Hm.', { name: 'look', arguments: { at: 1 } }),
        call({ name: 'look', arguments: { at: 2 } }, { name: 'look', arguments: { at: 3 } }),
        say('Done.'),
      ),
    );
    const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'Look.' }];
    for (let round = 0; round < 2; round += 1) {
      const answer = await ask(messages, { tools: TOOLS });
      const results = answer.tool_calls!.map(({ id }) => ({
        role: 'tool' as const,
        tool_call_id: id,
        content: `saw ${id}`,
      }));
      messages.push(answer, ...results);
    }
    expect((await ask(messages, { tools: TOOLS })).content).toBe('Done.');
    expect(keys().size).toBe(1);
    expect(sent().at(-1)).toEqual([
      'message user Look.',
      'reasoning',
      'function_call call_1 {"at":1}',
      'function_call_output call_1 saw call_1',
      'function_call call_2 {"at":2}',
      'function_call call_3 {"at":3}',
      'function_call_output call_2 saw call_2',
      'function_call_output call_3 saw call_3',
    ]);
  });
});
