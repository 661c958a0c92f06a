import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import type { ResponseInput } from 'openai/resources/responses/responses';
import { beforeEach, describe, expect, it } from 'vitest';
import { connect } from '../support/response-socket.ts';
import { inOrder, sayReasoning, thinkAndCall } from '../support/upstream-answers.ts';
import { call } from '../support/upstream-tools.ts';
import { say, type UpstreamItem } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
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

function useCounting(): void {
  gateway.upstream.use(
    inOrder(sayReasoning([['Hm.']], 'One.'), sayReasoning([['Hm again.']], 'Two.'), say('Three.')),
  );
}

/** The last request of a conversation in which the model counts to three. */
const COUNTED = [
  'message user Count.',
  'reasoning',
  'message assistant One.',
  'message user Go on.',
  'reasoning',
  'message assistant Two.',
  'message user And on.',
];

describe('a conversation by chat completions', () => {
  it('goes on in its thread, under the same cache key, with the reasoning of the model', async () => {
    useCounting();
    const messages: ChatCompletionMessageParam[] = [{ role: 'user', content: 'Count.' }];
    for (const next of ['Go on.', 'And on.']) {
      messages.push(await ask(messages), { role: 'user', content: next });
    }
    expect((await ask(messages)).content).toBe('Three.');
    expect(keys().size).toBe(1);
    expect(sent().at(-1)).toEqual(COUNTED);
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

describe('a conversation by responses', () => {
  beforeEach(useCounting);

  /** Asks three questions, each with what makes it go on after the response before it; returns the last one upstream. */
  async function count(goOn: (previous: string | undefined) => object): Promise<string[] | undefined> {
    let previous: string | undefined;
    for (const input of ['Count.', 'Go on.', 'And on.']) {
      const response = await gateway.client.responses.create({ model: 'gpt-5.5', input, ...goOn(previous) });
      previous = response.id;
    }
    expect(keys().size).toBe(1);
    return sent().at(-1);
  }

  it('goes on after a previous response', async () => {
    expect(await count((previous) => ({ previous_response_id: previous }))).toEqual(COUNTED);
  });

  it('goes on in a stored conversation', async () => {
    const { id } = await gateway.client.conversations.create();
    expect(await count(() => ({ conversation: id }))).toEqual(COUNTED);
  });

  it('goes on with the items that the client sends back, its reasoning included', async () => {
    const input: ResponseInput = [{ role: 'user', content: 'Count.' }];
    for (const next of ['Go on.', 'And on.', 'Thanks.']) {
      const { output } = await gateway.client.responses.create({
        model: 'gpt-5.5',
        input,
        store: false,
        include: ['reasoning.encrypted_content'],
      });
      input.push(...(output as ResponseInput), { role: 'user', content: next });
    }
    expect(sent().at(-1)).toEqual(COUNTED);
    expect(keys().size).toBe(1);
  });

  it('goes on over a WebSocket', async () => {
    const socket = connect(gateway.client);
    let previous: string | null = null;
    for (const input of ['Count.', 'Go on.', 'And on.']) {
      const events = await socket.ask({
        model: 'gpt-5.5',
        input,
        store: false,
        previous_response_id: previous,
      });
      previous = (events.at(-1)!.response as { id: string }).id;
    }
    expect(sent().at(-1)).toEqual(COUNTED);
    expect(keys().size).toBe(1);
  });

  it('goes on with the results of calls after a previous response', async () => {
    const tools = [
      { type: 'function' as const, name: 'look', parameters: { type: 'object' }, strict: false },
    ];
    gateway.upstream.use(inOrder(thinkAndCall('Hm.', { name: 'look', arguments: { at: 1 } }), say('Done.')));
    const body = { model: 'gpt-5.5', tools };
    const { id } = await gateway.client.responses.create({ ...body, input: 'Look.' });
    const { output_text: text } = await gateway.client.responses.create({
      ...body,
      previous_response_id: id,
      input: [{ type: 'function_call_output', call_id: 'call_1', output: 'nothing' }],
    });
    expect(text).toBe('Done.');
    expect(keys().size).toBe(1);
    expect(sent().at(-1)).toEqual([
      'message user Look.',
      'reasoning',
      'function_call call_1 {"at":1}',
      'function_call_output call_1 nothing',
    ]);
  });
});
