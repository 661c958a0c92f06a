/*
 * Two gateways before two copies of one model, which answers by the content of a conversation alone. One continues
 * conversations, the other answers each request in a thread of its own. A random client does the same with both: whatever
 * it does, the model sees the same, and the client gets the same.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import {
  answerByContent,
  seenBy,
  STALL,
  steps,
  type ChatMessage,
  type Step,
} from '../support/random-client.ts';

const TOOLS = ['look', 'listen'].map((name) => ({
  type: 'function',
  function: {
    name,
    description: `To ${name}.`,
    parameters: { type: 'object', properties: { a: { type: 'string' } } },
  },
}));

const SETTINGS: readonly object[] = [
  {},
  { tools: TOOLS },
  { tools: TOOLS, reasoning_effort: 'high' },
  { tools: TOOLS.slice(0, 1), model: 'gpt-6-sol' },
  { verbosity: 'low' },
];

interface Conversation {
  messages: ChatMessage[];
  settings: number;
}

interface Asked {
  readonly status: number;
  readonly message: ChatMessage | undefined;
}

interface Side {
  readonly gateway: TestGateway;
  ask(conversation: Conversation): Promise<Asked>;
  /** Asks a question that is never answered completely, and leaves. */
  leave(conversation: Conversation): Promise<void>;
  /** Returns what the model has seen since the last time, in an order of its own. */
  takeSeen(): string[];
}

function createSide(gateway: TestGateway): Side {
  gateway.upstream.use(answerByContent);
  const bodyOf = ({ messages, settings }: Conversation) => ({
    model: 'gpt-5.5',
    ...SETTINGS[settings],
    messages,
  });
  return {
    gateway,
    async ask(conversation) {
      const response = await gateway.post(bodyOf(conversation));
      const { choices } = (await response.json()) as { choices?: { message: ChatMessage }[] };
      return { status: response.status, message: choices?.[0]?.message };
    },
    async leave(conversation) {
      const controller = new AbortController();
      const body = { ...bodyOf(conversation), stream: true };
      const response = await gateway.post(body, { signal: controller.signal });
      const reader = response.body!.getReader();
      for (let text = ''; !text.includes('Well,');) {
        const { value, done } = await reader.read();
        if (done) throw new Error(`answered before it was left: ${text}`);
        text += new TextDecoder().decode(value);
      }
      controller.abort();
      await gateway.upstream.requests.at(-1)!.aborted;
    },
    takeSeen: () =>
      gateway.upstream.requests.splice(0).map(({ body }) => {
        const { input, prompt_cache_key: _key, client_metadata: _metadata, ...rest } = body;
        return JSON.stringify({ ...rest, input: seenBy(input) });
      }),
  };
}

const user = (content: string): ChatMessage => ({ role: 'user', content });

/** Returns the messages that the client adds to go on: the results of open calls, or a question. */
function next({ messages }: Conversation, word: string, odd: boolean): ChatMessage[] {
  const calls = messages.at(-1)?.tool_calls ?? [];
  const results = calls.map(({ id }) => ({
    role: 'tool',
    tool_call_id: id,
    content: `${word} of ${id.slice(-1)}`,
  }));
  if (results.length === 0) return odd ? [user(word), user(`${word}?`)] : [user(`Say ${word}`)];
  return odd ? [...results.toReversed(), user('Hurry.')] : results;
}

/** Returns the message as another client would write it. */
function rewrite(message: ChatMessage): ChatMessage {
  const { content, tool_calls: calls, ...rest } = message;
  return {
    ...rest,
    ...((message.role !== 'assistant' || (content !== null && content !== '')) && { content }),
    ...(calls && {
      tool_calls: calls.map((call) => ({
        ...call,
        function: { ...call.function, arguments: JSON.stringify(JSON.parse(call.function.arguments)) },
      })),
    }),
  };
}

/** Changes the client's conversation as the step says; returns the requests that it makes at once. */
function takeStep(all: Conversation[], { at, kind, word }: Step): Conversation[] {
  const known = all[at % Math.max(1, all.length)];
  if (known === undefined || kind === 'new') {
    const first = { messages: [user(`Begin ${word}`)], settings: at % SETTINGS.length };
    all.push(first);
    return [first];
  }
  const ends = known.messages.at(-1)?.role === 'assistant';
  if (kind === 'edit') {
    const index = at % known.messages.length;
    if (known.messages[index]?.role === 'user') known.messages[index] = user(`Edited ${word}`);
  }
  if (kind === 'rewrite') known.messages = known.messages.map(rewrite);
  if (kind === 'settings') known.settings = at % SETTINGS.length;
  if (kind === 'retry' && ends) return [{ ...known, messages: known.messages.slice(0, -1) }];
  const used = kind === 'branch' ? { ...known, messages: [...known.messages] } : known;
  if (kind === 'branch') all.push(used);
  if (ends) used.messages.push(...next(used, word, kind === 'odd-results'));
  return kind === 'twice' ? [used, { ...used }] : [used];
}

/** Does the same with both gateways, step by step. */
async function run(sides: readonly Side[], all: readonly Step[]): Promise<void> {
  const conversations: Conversation[] = [];
  for (const step of all) {
    const requests = takeStep(conversations, step);
    const [request] = requests;
    if (step.kind === 'abort' && request !== undefined && request.messages.at(-1)?.role === 'user') {
      const left = { ...request, messages: [...request.messages.slice(0, -1), user(STALL)] };
      for (const side of sides) await side.leave(left);
    }
    const answers = await Promise.all(
      sides.map(async (side) => await Promise.all(requests.map((one) => side.ask(one)))),
    );
    expect(answers[0]).toEqual(answers[1]);
    const [seen, expected] = sides.map((side) => side.takeSeen().toSorted((a, b) => (a < b ? -1 : 1)));
    expect(seen).toEqual(expected);
    const { message } = answers[0]![0]!;
    if (request && message && conversations.includes(request)) request.messages.push(message);
  }
}

it('whatever a client does, the model and the client see what they would see without continuation', async () => {
  const gateways = await Promise.all([
    startTestGateway({ config: { limits: { running: 3 } } }),
    startTestGateway({ config: { continuation: false } }),
  ]);
  try {
    const sides = gateways.map(createSide);
    const runs = fc.asyncProperty(steps, async (all) => await run(sides, all));
    await fc.assert(runs, {
      numRuns: Number(process.env.NUM_RUNS ?? 2),
      endOnFailure: true,
      interruptAfterTimeLimit: Number(process.env.LIMIT ?? 60) * 1000,
    });
    const continued = gateways[0].log.lines.filter((line) => line.includes('"continued":true'));
    expect(continued.length).toBeGreaterThan(2);
    expect(gateways[1].log.lines.filter((line) => line.includes('"continued"'))).toEqual([]);
  } finally {
    await Promise.all(gateways.map(async (gateway) => await gateway.close()));
  }
});
