import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { callId, callInRounds, type ScriptedCall } from '../support/upstream-tools.ts';
import type { UpstreamItem } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const ROUNDS = 5;
const QUESTION = 'Count.';

/** Written as no serialiser would: what comes back must be the model's own text. */
const argumentsOf = (round: number, hand: string) =>
  `{ "step": ${round}, "hand":"${hand}", "big": 12345678901234567890 }`;
const callsOf = (round: number): ScriptedCall[] => [
  { name: 'count', arguments: argumentsOf(round, 'left') },
  { name: 'show', arguments: argumentsOf(round, 'right') },
];
const outputOf = (id: string) => `result of ${id}`;
const rounds = Array.from({ length: ROUNDS }, (_, round) => callsOf(round));

/** The last request of a direct client of the Responses API. */
const DIRECT: UpstreamItem[] = [
  { type: 'message', role: 'user', content: [{ text: QUESTION }] },
  ...rounds.flatMap((calls, round) => {
    const ids = calls.map((_, hand) => callId(round * 2 + hand));
    return [
      ...calls.map((call, hand) => ({
        type: 'function_call',
        call_id: ids[hand]!,
        name: call.name,
        arguments: call.arguments as string,
      })),
      ...ids.map((id) => ({ type: 'function_call_output', call_id: id, output: outputOf(id) })),
    ];
  }),
];

/** The conversation of the last request, without the tools and the ids of items that Codex adds. */
function lastConversation(): UpstreamItem[] {
  const { input } = gateway.upstream.requests.at(-1)!.body;
  return input.filter(({ type }) => type !== 'additional_tools').map(bare);
}

function bare({ type, role, content, call_id, name, arguments: given, output }: UpstreamItem): UpstreamItem {
  const texts = content?.map(({ text }) => ({ text: text ?? '' }));
  const fields = { type, role, content: texts, call_id, name, arguments: given, output };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

const tools = ['count', 'show'].map((name) => ({
  type: 'function' as const,
  function: {
    name,
    parameters: { type: 'object', properties: { step: { type: 'integer' }, hand: { type: 'string' } } },
  },
}));

type Body = OpenAI.ChatCompletionCreateParamsNonStreaming;
const ASK = {
  whole: (body: Body) => gateway.client.chat.completions.create(body),
  streamed: (body: Body) =>
    gateway.client.chat.completions.stream({ ...body, stream: true }).finalChatCompletion(),
};

describe.each(['gpt-5.5', 'gpt-6-sol'])('a tool loop of %s', (model) => {
  it.each(['whole', 'streamed'] as const)(
    'of five rounds with two calls each, %s, is sent upstream as a direct client would send it',
    async (way) => {
      gateway.upstream.use(callInRounds(rounds, 'Done.'));
      const before = gateway.upstream.requests.length;
      const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: QUESTION }];
      for (let round = 0; round < ROUNDS; round += 1) {
        const { message } = (await ASK[way]({ model, messages, tools })).choices[0]!;
        messages.push(message);
        for (const { id } of message.tool_calls!) {
          messages.push({ role: 'tool', tool_call_id: id, content: outputOf(id) });
        }
      }
      const { choices } = await ASK[way]({ model, messages, tools });
      expect(choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'Done.' } });
      expect(lastConversation()).toEqual(DIRECT);
      expect(gateway.upstream.requests.length - before).toBe(ROUNDS + 1);
    },
  );

  it('that the gateway has not seen before is sent upstream the same way', async () => {
    gateway.upstream.use(callInRounds(rounds, 'Done.'));
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: QUESTION }];
    for (const [round, calls] of rounds.entries()) {
      const ids = calls.map((_, hand) => callId(round * 2 + hand));
      messages.push({
        role: 'assistant',
        tool_calls: calls.map((call, hand) => ({
          id: ids[hand]!,
          type: 'function',
          function: { name: call.name, arguments: call.arguments as string },
        })),
      });
      messages.push(...ids.map((id) => ({ role: 'tool' as const, tool_call_id: id, content: outputOf(id) })));
    }
    const { choices } = await ASK.whole({ model, messages, tools });
    expect(choices[0]!.message.content).toBe('Done.');
    expect(lastConversation()).toEqual(DIRECT);
  });
});
