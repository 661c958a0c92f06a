import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { readChunks } from '../support/read-chunks.ts';
import { call, offeredTools, outputsOf } from '../support/upstream-tools.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const PATCH = '*** Begin Patch\n*** Add File: a.txt\n+a\n*** End Patch';

/** Its tools stand flat, as in the Responses API, one of them with a grammar. */
const TOOLS = [
  {
    type: 'function',
    name: 'Read',
    description: 'Reads a file.',
    parameters: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] },
    strict: false,
  },
  {
    type: 'custom',
    name: 'ApplyPatch',
    description: 'Applies a patch.',
    format: {
      type: 'grammar',
      syntax: 'lark',
      definition: 'start: "*** Begin Patch" LF hunk+ "*** End Patch"',
    },
  },
];

/** A body of the agent mode: that of the Responses API, sent to the path of chat completions. */
const body = (model: string, input: readonly object[] = []) => ({
  model,
  user: 'user-1',
  stream: true,
  stream_options: { include_usage: true },
  reasoning: { effort: 'high' },
  metadata: { cursorConversationId: 'c-1', cursorRequestId: 'r-1' },
  tool_choice: 'auto',
  tools: TOOLS,
  input: [
    { role: 'system', content: 'You are an agent.' },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Read a.txt.' }] },
    { type: 'function_call', call_id: 'call_a', name: 'Read', arguments: '{"path":"a.txt"}' },
    { type: 'function_call_output', call_id: 'call_a', output: 'a' },
    { role: 'assistant', content: [{ type: 'output_text', text: 'It says a.' }] },
    { role: 'user', content: 'Go on.' },
    ...input,
  ],
});

type Delta = OpenAI.ChatCompletionChunk.Choice.Delta;

/** The deltas of the answer, and why it ended. */
async function ask(
  body: object,
): Promise<{ deltas: Delta[]; reasons: (string | null)[]; ignored: string | null }> {
  const response = await gateway.post(body);
  const text = await response.text();
  expect(response.ok ? 200 : text).toBe(200);
  const choices = readChunks(text).flatMap((chunk) => chunk.choices);
  return {
    deltas: choices.map(({ delta }) => delta),
    ignored: response.headers.get('x-codex-gateway-ignored'),
    reasons: choices.map(({ finish_reason: reason }) => reason).filter((reason) => reason !== null),
  };
}

const lastRequest = () => gateway.upstream.requests.at(-1)!;

describe.each(['gpt-5.5', 'gpt-6-sol'])('the agent mode of Cursor on %s', (model) => {
  it('gets chat completion chunks, and its complete conversation reaches the model', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const { deltas, reasons, ignored } = await ask(body(model));
    expect(deltas.map(({ content }) => content ?? '').join('')).toBe('Hello');
    expect(reasons).toEqual(['stop']);
    expect(ignored).toBeNull();

    const request = lastRequest();
    const items = request.body.input.filter(({ type }) => type !== 'additional_tools');
    expect(items).toMatchObject([
      { role: 'developer', content: [{ text: 'You are an agent.' }] },
      { role: 'user', content: [{ text: 'Read a.txt.' }] },
      { type: 'function_call', call_id: 'call_a', name: 'Read', arguments: '{"path":"a.txt"}' },
      { type: 'function_call_output', call_id: 'call_a' },
      { role: 'assistant', content: [{ text: 'It says a.' }] },
      { role: 'user', content: [{ text: 'Go on.' }] },
    ]);
    expect(outputsOf(request)).toEqual(['a']);
    expect(offeredTools(request)).toEqual(['Read', 'ApplyPatch']);
    expect(request.body.reasoning).toMatchObject({ effort: 'high' });
  });

  it('gets a function call', async () => {
    gateway.upstream.use(call({ name: 'Read', arguments: { path: 'b.txt' } }));
    const { deltas, reasons } = await ask(body(model));
    const calls = deltas.flatMap((delta) => delta.tool_calls ?? []);
    expect(calls[0]).toMatchObject({ index: 0, type: 'function', function: { name: 'Read' } });
    expect(calls.map((one) => one.function?.arguments ?? '').join('')).toBe('{"path":"b.txt"}');
    expect(reasons).toEqual(['tool_calls']);
  });

  it('gets the call of its patch tool as text and sends it back with the result', async () => {
    gateway.upstream.use(call({ name: 'ApplyPatch', arguments: { input: PATCH } }));
    const { deltas, reasons } = await ask(body(model));
    const calls = deltas.flatMap((delta) => delta.tool_calls ?? []) as CustomDelta[];
    expect(calls[0]).toMatchObject({ index: 0, type: 'custom', custom: { name: 'ApplyPatch' } });
    expect(calls.map(({ custom }) => custom?.input ?? '').join('')).toBe(PATCH);
    expect(reasons).toEqual(['tool_calls']);

    gateway.upstream.use(say('Done.'));
    const { id } = calls[0]!;
    const answered = await ask(
      body(model, [
        { type: 'custom_tool_call', call_id: id, name: 'ApplyPatch', input: PATCH },
        { type: 'custom_tool_call_output', call_id: id, output: 'Patched.' },
      ]),
    );
    expect(answered.deltas.map(({ content }) => content ?? '').join('')).toBe('Done.');
    const [patch, output] = lastRequest()
      .body.input.slice(-2)
      .map((item) => JSON.stringify(item));
    expect(patch).toContain('*** Begin Patch');
    expect(output).toContain('Patched.');
  });
});

/** A call of a custom tool, which the SDK's chunks do not know. */
interface CustomDelta {
  readonly id?: string;
  readonly custom?: { readonly name?: string; readonly input?: string };
}
