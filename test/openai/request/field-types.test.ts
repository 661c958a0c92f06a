import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import { FURTHER_CHAT_FIELDS, CHAT_FIELDS } from '../../../src/openai/chat/fields.ts';
import { decodeChatRequest } from '../../../src/openai/chat/decode.ts';
import { decodeCompletionRequest } from '../../../src/openai/completions/decode.ts';
import { COMPLETION_FIELDS } from '../../../src/openai/completions/fields.ts';
import { decodeConversationUpdate, decodeNewConversation } from '../../../src/openai/conversations/decode.ts';
import { CREATE_FIELDS, UPDATE_FIELDS } from '../../../src/openai/conversations/fields.ts';
import { decodeCompactRequest } from '../../../src/openai/responses/request/decode-compact.ts';
import { decodeInputTokensRequest } from '../../../src/openai/responses/request/decode-input-tokens.ts';
import {
  COMPACT_FIELDS,
  FURTHER_RESPONSE_FIELDS,
  INPUT_TOKENS_FIELDS,
  RESPONSE_FIELDS,
} from '../../../src/openai/responses/request/request-fields.ts';
import { decodeResponse, referencesOf, unseal } from '../../support/decode-response.ts';
import { runAtOnce } from '../../support/run-at-once.ts';

const POLICY = { strict: false, enforceMaxTokens: false };
const CONTEXT = { references: referencesOf({}), unseal };
const QUESTION = { messages: [{ role: 'user', content: 'hello' }] };

interface Contract {
  readonly name: string;
  readonly fields: object;
  decode(body: object): unknown;
}

const CONTRACTS: readonly Contract[] = [
  {
    name: 'a chat completion',
    fields: { ...CHAT_FIELDS, ...FURTHER_CHAT_FIELDS },
    decode: (body) => runAtOnce(decodeChatRequest({ model: 'm', ...QUESTION, ...body }, POLICY)),
  },
  {
    name: 'a text completion',
    fields: COMPLETION_FIELDS,
    decode: (body) => decodeCompletionRequest({ model: 'm', prompt: 'hello', ...body }, POLICY),
  },
  {
    name: 'a response',
    fields: { ...RESPONSE_FIELDS, ...FURTHER_RESPONSE_FIELDS },
    decode: (body) => decodeResponse(body),
  },
  {
    name: 'a compaction',
    fields: COMPACT_FIELDS,
    decode: (body) =>
      runAtOnce(
        decodeCompactRequest({ model: 'm', input: 'hello', ...body }, POLICY, CONTEXT.references, unseal),
      ),
  },
  {
    name: 'a token count',
    fields: INPUT_TOKENS_FIELDS,
    decode: (body) =>
      runAtOnce(
        decodeInputTokensRequest({ model: 'm', input: 'hello', ...body }, POLICY, CONTEXT.references, unseal),
      ),
  },
  {
    name: 'a new conversation',
    fields: CREATE_FIELDS,
    decode: (body) => runAtOnce(decodeNewConversation(body, POLICY, CONTEXT)),
  },
  {
    name: 'a conversation update',
    fields: UPDATE_FIELDS,
    decode: (body) => decodeConversationUpdate({ metadata: {}, ...body }, POLICY),
  },
];

/** One value of each type that no field takes for its sense. */
const VALUES = { string: '\u0000', number: -1e300, boolean: true, array: [true], object: { '\u0000': 5 } };

type Type = keyof typeof VALUES;

/** Fields for which one of these values has the right type. */
const TAKES: Readonly<Record<string, readonly Type[]>> = {
  background: ['boolean'],
  client_metadata: ['object'],
  context_management: [],
  conversation: ['string'],
  echo: ['boolean'],
  image: ['object'],
  include: [],
  input: ['string'],
  instructions: ['string'],
  logprobs: ['boolean'],
  messages: [],
  model: ['string'],
  moderation: ['object'],
  multi_agent: ['object'],
  parallel_tool_calls: ['boolean'],
  personality: ['string'],
  prediction: ['object'],
  previous_response_id: ['string'],
  prompt: ['string'],
  prompt_cache_key: ['string'],
  prompt_cache_options: ['object'],
  prompt_cache_retention: ['string'],
  reasoning: ['object'],
  safety_identifier: ['string'],
  stop: ['string'],
  store: ['boolean'],
  stream: ['boolean'],
  stream_options: ['object'],
  text: ['object'],
  truncation: ['string'],
  user: ['string'],
  web_search_options: ['object'],
};

function paramOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof GatewayError) return error.detail.param ?? '';
    throw error;
  }
  return undefined;
}

describe.each(CONTRACTS)('$name', ({ fields, decode }) => {
  it.each(Object.keys(fields))(
    'refuses the wrong types for %s and accepts null when it is optional',
    (field) => {
      const wrong = (Object.keys(VALUES) as Type[]).filter((type) => !TAKES[field]?.includes(type));
      const params = wrong.map((type) => [type, paramOf(() => decode({ [field]: VALUES[type] }))]);
      for (const [type, param] of params)
        expect(param, `a value of the type ${type}`).toMatch(new RegExp(`^${field}`));
      if (!['messages', 'model', 'prompt', 'input'].includes(field))
        expect(paramOf(() => decode({ [field]: null }))).toBeUndefined();
    },
  );
});

const chat = (body: object) => CONTRACTS[0]!.decode(body);
const response = (body: object) => decodeResponse(body);
const completion = (body: object) => CONTRACTS[1]!.decode(body);

describe.each<[name: string, decode: (body: object) => unknown, limits: string[]]>([
  ['a chat completion', chat, ['max_tokens', 'max_completion_tokens']],
  ['a text completion', completion, ['max_tokens']],
  ['a response', response, ['max_output_tokens']],
])('%s', (_name, decode, limits) => {
  it.each([
    ['temperature', -0.1, 2.1, [0, 0.3, 2]],
    ['top_p', -0.1, 1.1, [0, 0.5, 1]],
    ['frequency_penalty', -2.1, 2.1, [-2, 2]],
    ['presence_penalty', -2.1, 2.1, [-2, 2]],
  ])('refuses a value of %s outside its range', (field, least, most, good) => {
    for (const value of [least, most]) expect(paramOf(() => decode({ [field]: value }))).toBe(field);
    for (const value of good) expect(paramOf(() => decode({ [field]: value }))).toBeUndefined();
  });

  it.each(limits)('refuses a value of %s below 1', (field) => {
    for (const value of [-5, 0, 1.5]) expect(paramOf(() => decode({ [field]: value }))).toBe(field);
    for (const value of [1, 2, 10_000_000]) expect(paramOf(() => decode({ [field]: value }))).toBeUndefined();
  });

  it('accepts any integer as the seed', () => {
    for (const value of [0, -7, 2 ** 60]) expect(paramOf(() => decode({ seed: value }))).toBeUndefined();
    expect(paramOf(() => decode({ seed: 0.5 }))).toBe('seed');
  });

  it('reports a value above its range in OpenAI’s words', () => {
    expect(() => decode({ temperature: 99 })).toThrow(
      "Invalid 'temperature': integer above maximum value. Expected a value <= 2, but got 99 instead.",
    );
  });
});

const pairs = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [index, 'x']));

describe.each([
  ['a chat completion', chat],
  ['a response', response],
])('%s', (_name, decode) => {
  it.each([
    ['metadata', { metadata: pairs(17) }],
    ['metadata', { metadata: pairs(200_000) }],
    ['metadata.a', { metadata: { a: 1 } }],
    ['metadata.a', { metadata: { a: 'x'.repeat(513) } }],
    ['safety_identifier', { safety_identifier: 'x'.repeat(129) }],
    ['top_logprobs', { top_logprobs: 21 }],
    ['prompt_cache_options.prewarm', { prompt_cache_options: { prewarm: 'yes' } }],
    ['moderation.model', { moderation: { model: 5 } }],
  ])('refuses %s when it is too large or holds a wrong type (case %#)', (param, body) => {
    expect(paramOf(() => decode(body))).toBe(param);
  });

  it('accepts unknown values of lists for fields without effect', () => {
    const body = { prompt_cache_retention: '72h', prompt_cache_options: { mode: 'new', ttl: '1h' } };
    expect(paramOf(() => decode({ ...body, metadata: pairs(16) }))).toBeUndefined();
  });
});

it('a chat completion refuses wrong types in fields of the Responses API', () => {
  const decode = (body: object) =>
    runAtOnce(decodeChatRequest({ model: 'm', input: 'hello', ...body }, POLICY));
  expect(paramOf(() => decode({ max_output_tokens: 0 }))).toBe('max_output_tokens');
  expect(paramOf(() => decode({ truncation: 5 }))).toBe('truncation');
  expect(paramOf(() => decode({ include: [5] }))).toBe('include');
});

it.each([
  ['messages[0].name', { messages: [{ role: 'user', content: 'x', name: 5 }] }],
  [
    'tools[0].function.defer_loading',
    { tools: [{ type: 'function', function: { name: 'f', defer_loading: 'x' } }] },
  ],
  [
    'tools[0].function.output_schema',
    { tools: [{ type: 'function', function: { name: 'f', output_schema: 'x' } }] },
  ],
  [
    'response_format.json_schema.description',
    { response_format: { type: 'json_schema', json_schema: { name: 'n', description: 5, schema: {} } } },
  ],
  ['reasoning.summary', { reasoning: { summary: 5 } }],
])('a chat completion refuses a wrong type for %s', (param, body) => {
  expect(paramOf(() => chat(body))).toBe(param);
});

it('a value other than the allowed words is refused with those words, separated by commas', () => {
  const decode = () => CONTRACTS[0]!.decode({ reasoning_effort: 'extreme' });
  expect(decode).toThrow(
    `Invalid 'reasoning_effort': expected one of "none", "minimal", "low", "medium", "high", "xhigh", "max".`,
  );
});
