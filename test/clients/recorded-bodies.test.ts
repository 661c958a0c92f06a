import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { readChunks } from '../support/read-chunks.ts';
import { say } from '../support/upstream.ts';
import { CITY_SCHEMA, TOOL } from '../support/weather.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const SYSTEM = { role: 'system', content: 'You are helpful.' };
const USER = { role: 'user', content: 'hello' };
const HELLO = [SYSTEM, USER];
const CACHED = { type: 'ephemeral' };
const tools = [{ type: 'function', function: { ...TOOL, parameters: CITY_SCHEMA } }];
const strictTools = [{ type: 'function', function: { ...TOOL, parameters: CITY_SCHEMA, strict: true } }];
const streamed = { stream: true, stream_options: { include_usage: true } };

/**
 * Bodies that each client sends by default, taken from its source or traffic, with the keys that are reported as
 * ignored; `model` is added.
 */
const BODIES: Readonly<Record<string, readonly [body: object, ...ignored: string[]]>> = {
  'the AI SDK': [
    {
      messages: [{ role: 'developer', content: 'You are helpful.' }, USER],
      tools,
      tool_choice: 'auto',
      max_completion_tokens: 1000,
      ...streamed,
    },
    'max_completion_tokens',
  ],
  'the AI SDK for compatible servers': [
    {
      messages: HELLO,
      temperature: 0.5,
      top_p: 0.9,
      max_tokens: 1000,
      frequency_penalty: 0.1,
      presence_penalty: 0.1,
      stop: ['\n\nUser:'],
      seed: 1,
      user: 'user-1',
      stream: true,
    },
    'temperature',
    'top_p',
    'max_tokens',
    'frequency_penalty',
    'presence_penalty',
    'seed',
  ],
  'LangChain for JavaScript': [{ messages: HELLO, stream: false, tools }],
  'LangChain for Python': [
    { messages: HELLO, stream: false, max_completion_tokens: 1000, tools },
    'max_completion_tokens',
  ],
  'LlamaIndex for TypeScript': [{ messages: HELLO, temperature: 0.1, top_p: 1 }, 'temperature'],
  'LlamaIndex for Python': [{ messages: HELLO, temperature: 0.1, stream: false }, 'temperature'],
  'the OpenAI Agents SDK': [
    {
      messages: HELLO,
      reasoning_effort: 'none',
      verbosity: 'low',
      tools: strictTools,
      tool_choice: 'auto',
      store: false,
      stream: false,
    },
  ],
  'Open WebUI': [
    {
      messages: [USER],
      temperature: 0.8,
      top_p: 0.9,
      max_tokens: 2000,
      frequency_penalty: 0,
      seed: 0,
      stop: ['<|end|>'],
      ...streamed,
    },
    'temperature',
    'top_p',
    'max_tokens',
    'seed',
  ],
  'Open WebUI for a title': [
    { messages: [USER], max_completion_tokens: 1000, stream: false },
    'max_completion_tokens',
  ],
  LibreChat: [
    {
      messages: HELLO,
      temperature: 1,
      top_p: 1,
      presence_penalty: 0,
      frequency_penalty: 0,
      user: '66f0c0ffee',
      stream: true,
    },
  ],
  aider: [{ messages: HELLO, temperature: 0, stream: true }, 'temperature'],
  Continue: [{ messages: HELLO, max_tokens: 4096, ...streamed }, 'max_tokens'],
  'Continue with tools': [
    {
      messages: [{ role: 'developer', content: 'You are helpful.' }, USER],
      max_completion_tokens: 4096,
      parallel_tool_calls: false,
      tools,
      ...streamed,
    },
    'max_completion_tokens',
  ],
  Cline: [
    { messages: HELLO, max_completion_tokens: 8192, temperature: 0, ...streamed },
    'max_completion_tokens',
    'temperature',
  ],
  'Roo Code': [
    {
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'You are helpful.', cache_control: CACHED }] },
        { role: 'user', content: [{ type: 'text', text: 'hello', cache_control: CACHED }] },
      ],
      temperature: 0,
      tools: strictTools,
      tool_choice: 'auto',
      parallel_tool_calls: true,
      ...streamed,
    },
    'temperature',
  ],
  Zed: [
    {
      messages: [USER],
      temperature: 1,
      max_completion_tokens: 8192,
      prompt_cache_key: '6a3c1d7e-thread',
      parallel_tool_calls: true,
      stop: [],
      tools,
      ...streamed,
    },
    'max_completion_tokens',
    'prompt_cache_key',
  ],
  'the llm command': [{ messages: HELLO, ...streamed }],
  Raycast: [{ messages: HELLO, temperature: 0.7, stream: true }, 'temperature'],
  'Extended OpenAI Conversation of Home Assistant': [
    {
      messages: HELLO,
      max_completion_tokens: 150,
      top_p: 1,
      temperature: 0.5,
      user: '01JHA-conversation',
      tools,
      tool_choice: 'auto',
    },
    'max_completion_tokens',
    'temperature',
  ],
  'Extended OpenAI Conversation of Home Assistant after its last call': [
    {
      messages: HELLO,
      max_tokens: 150,
      top_p: 1,
      temperature: 0.5,
      user: '01JHA-conversation',
      tools,
      tool_choice: 'none',
    },
    'max_tokens',
    'temperature',
  ],
  'n8n with the older node': [{ messages: HELLO, temperature: 0.7, top_p: 1, stream: false }, 'temperature'],
  'Copilot in VS Code': [{ messages: HELLO, temperature: 0.1, top_p: 1, n: 1, stream: true }, 'temperature'],
  genkit: [
    {
      messages: [USER, { role: 'assistant' }, USER],
      tools: [
        {
          type: 'function',
          function: {
            ...TOOL,
            parameters: { ...CITY_SCHEMA, $schema: 'http://json-schema.org/draft-07/schema#' },
          },
        },
      ],
    },
  ],
  'a proxy that adds its own keys': [
    {
      messages: HELLO,
      reasoning: { effort: 'low' },
      include_reasoning: true,
      chat_template_kwargs: { enable_thinking: true },
      plugins: [],
      cache_control: CACHED,
      metadata: { trace: 'a' },
      safety_identifier: 'user-1',
      logprobs: false,
      logit_bias: {},
    },
    'include_reasoning',
    'chat_template_kwargs',
    'plugins',
    'cache_control',
  ],
};

/** The text of an answer, whole or streamed. */
function readText(body: string, stream: boolean): string | null {
  if (!stream) return (JSON.parse(body) as OpenAI.ChatCompletion).choices[0]!.message.content;
  const choices = readChunks(body).flatMap((chunk) => chunk.choices);
  return choices.map(({ delta }) => delta.content ?? '').join('');
}

/** Returns the ignored keys at the top level of the body, without deeper paths. */
function ignoredKeys({ headers }: Response): string[] {
  const paths = headers.get('x-codex-gateway-ignored')?.split(', ') ?? [];
  return paths.filter((path) => /^\w+$/.test(path)).toSorted();
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('the default chat body of a client on %s', (model) => {
  it.each(Object.entries(BODIES))('is answered for %s', async (_client, [body, ...ignored]) => {
    gateway.upstream.use(say('Hel', 'lo'));
    const response = await gateway.post({ model, ...body });
    const text = await response.text();
    expect(response.ok ? readText(text, 'stream' in body && body.stream === true) : text).toBe('Hello');
    expect(ignoredKeys(response)).toEqual(ignored.toSorted());
    const { input } = gateway.upstream.requests.at(-1)!.body;
    expect(input.at(-1)).toMatchObject({ role: 'user', content: [{ text: 'hello' }] });
  });
});

/** The same for text completions; each asks for a stream. */
const TEXT_BODIES: Readonly<Record<string, readonly [body: object, ...ignored: string[]]>> = {
  'Continue with code completion': [
    {
      prompt: '// hello\nfunction ',
      stream: true,
      max_tokens: 2048,
      temperature: 0.01,
      stop: ['\n\n', '```', '/src/'],
    },
    'max_tokens',
    'temperature',
  ],
  'LangChain for Python': [
    {
      prompt: ['// hello\nfunction '],
      stream: true,
      frequency_penalty: 0,
      presence_penalty: 0,
      logit_bias: {},
      logprobs: null,
      max_tokens: 256,
      n: 1,
      temperature: 0.7,
      top_p: 1,
      seed: null,
    },
    'max_tokens',
    'temperature',
  ],
};

describe.each(['gpt-5.5', 'gpt-6-sol'])('the default text completion body of a client on %s', (model) => {
  it.each(Object.entries(TEXT_BODIES))('is answered for %s', async (_client, [body, ...ignored]) => {
    gateway.upstream.use(say('hello() {', '}\n\n'));
    const response = await gateway.fetch('/v1/completions', {
      method: 'POST',
      body: JSON.stringify({ model, ...body }),
      headers: { 'api-key': 'test-token-of-this-suite' },
    });
    const chunks = readChunks(await response.text()) as unknown as OpenAI.Completion[];
    const text = chunks.map(({ choices }) => choices[0]!.text).join('');
    expect(text.trimEnd()).toBe('hello() {}');
    expect(ignoredKeys(response)).toEqual(ignored.toSorted());
  });
});
