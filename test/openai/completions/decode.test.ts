import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/base/errors.ts';
import { decodeCompletionRequest } from '../../../src/openai/completions/decode.ts';

const COMPAT = { strict: false, enforceMaxTokens: false };
const decode = (body: object, policy: object = {}) =>
  decodeCompletionRequest({ model: 'gpt-5.5', prompt: 'hello', ...body }, { ...COMPAT, ...policy });

const question = (text: string, path: string) => [
  { type: 'message', role: 'user', parts: [{ type: 'text', text }], path },
];

function refusalOf(body: object, policy: object = {}): unknown {
  try {
    decode(body, policy);
  } catch (error) {
    if (error instanceof GatewayError) return { code: error.code, param: error.detail.param };
    throw error;
  }
  return undefined;
}

it('a text completion sends its prompt as one user message', () => {
  const { requests, style, stream } = decode({});
  expect(requests.map(({ turn }) => turn.items)).toEqual([question('hello', 'prompt')]);
  expect([style, stream]).toEqual([{ includeUsage: false, n: 1 }, false]);
});

it('a text completion makes one request of each prompt in an array', () => {
  const { requests, style } = decode({ prompt: ['a', 'b', 'c'], n: 2, stop: '\n' });
  expect(requests.map(({ turn }) => turn.items)).toEqual([
    question('a', 'prompt[0]'),
    question('b', 'prompt[1]'),
    question('c', 'prompt[2]'),
  ]);
  expect(requests.every(({ n: answers, stop }) => answers === 2 && stop[0] === '\n')).toBe(true);
  expect(style.n).toBe(6);
});

it('a text completion limits tokens only when asked to and when limits are enforced', () => {
  expect(decode({ max_tokens: 5 }).requests[0]!.maxTokens).toBeUndefined();
  expect([...decode({ max_tokens: 5 }).compatibility.ignored]).toEqual(['max_tokens']);
  expect(decode({}, { enforceMaxTokens: true }).requests[0]!.maxTokens).toBeUndefined();
  const kept = decode({ max_tokens: 5 }, { enforceMaxTokens: true });
  expect([kept.requests[0]!.maxTokens, kept.compatibility.ignored.size]).toEqual([5, 0]);
});

describe('decoding a text completion', () => {
  it.each<[name: string, body: object, code: string, param: string]>([
    ['a missing prompt', { prompt: undefined }, 'missing_parameter', 'prompt'],
    ['a prompt of null', { prompt: null }, 'invalid_value', 'prompt'],
    ['an empty array of prompts', { prompt: [] }, 'invalid_value', 'prompt'],
    [
      'a prompt of tokens',
      { prompt: Array.from({ length: 100 }, () => 7) },
      'unsupported_value',
      'prompt[0]',
    ],
    ['a token array among the prompts', { prompt: ['a', [1, 2]] }, 'unsupported_value', 'prompt[1]'],
    ['a prompt that is an object', { prompt: ['a', {}] }, 'invalid_value', 'prompt[1]'],
    ['too many prompts', { prompt: Array.from({ length: 9 }, () => 'a') }, 'invalid_value', 'prompt'],
    ['too many answers to several prompts', { prompt: ['a', 'b', 'c'], n: 3 }, 'invalid_value', 'n'],
    ['too many answers to one prompt', { n: 9 }, 'invalid_value', 'n'],
    ['echo', { echo: true }, 'unsupported_parameter', 'echo'],
    ['a suffix', { suffix: '}' }, 'unsupported_parameter', 'suffix'],
    ['best_of above 1', { best_of: 2 }, 'unsupported_parameter', 'best_of'],
    ['logprobs', { logprobs: 0 }, 'unsupported_parameter', 'logprobs'],
    ['a logit bias', { logit_bias: { 50256: -100 } }, 'unsupported_parameter', 'logit_bias'],
  ])('refuses %s', (_name, body, code, param) => {
    expect(refusalOf(body)).toEqual({ code, param });
  });

  it('refuses a limit of zero tokens when limits are enforced', () => {
    const refusal = refusalOf({ max_tokens: 0 }, { enforceMaxTokens: true });
    expect(refusal).toEqual({ code: 'invalid_value', param: 'max_tokens' });
  });

  it('refuses in strict mode the fields that are otherwise ignored', () => {
    const strict = { strict: true };
    expect(refusalOf({ temperature: 0 }, strict)).toEqual({
      code: 'unsupported_value',
      param: 'temperature',
    });
    expect(refusalOf({ top_k: 1 }, strict)).toEqual({ code: 'unknown_parameter', param: 'top_k' });
  });

  it('accepts fields that ask for the default behaviour, in strict mode too', () => {
    const neutral = {
      best_of: 1,
      echo: false,
      frequency_penalty: 0,
      logit_bias: {},
      logprobs: null,
      max_tokens: null,
      n: 1,
      presence_penalty: 0,
      seed: null,
      stop: null,
      stream: false,
      stream_options: null,
      suffix: '',
      temperature: 1,
      top_p: 1,
      user: 'u',
    };
    expect(decode(neutral, { strict: true }).compatibility.ignored.size).toBe(0);
  });
});
