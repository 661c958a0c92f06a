import { describe, expect, it } from 'vitest';
import { checkStream, expectGoodStream, type StreamFacts } from './stream-checker.ts';

const ENVELOPE = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'gpt-6-sol' };
const USAGE = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
const ERROR = { message: 'boom', type: 'server_error', param: null, code: null };

const chunk = (delta: object, finishReason: string | null = null, index = 0) => ({
  ...ENVELOPE,
  choices: [{ index, delta, finish_reason: finishReason, logprobs: null }],
});
const toolCall = (index: number | undefined, id: string, name = 'f') =>
  chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] });
const piece = (index: number, text: unknown) =>
  chunk({ tool_calls: [{ index, function: { arguments: text } }] });
const write = (chunks: readonly object[]) => chunks.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('');
const stream = (chunks: readonly object[]) => `${write(chunks)}data: [DONE]\n\n`;

const ROLE = chunk({ role: 'assistant', content: '', refusal: null });
const TEXT = chunk({ content: 'Hello' });
const STOP = chunk({}, 'stop');
const CALLS = [ROLE, toolCall(0, 'a'), piece(0, '{}'), toolCall(1, 'b'), piece(1, '{}')];
const CALLED = chunk({}, 'tool_calls');

const counting = (chunks: readonly object[]) => chunks.map((one) => ({ ...one, usage: null }));
const COUNT = { ...ENVELOPE, choices: [], usage: USAGE };

describe('the checker of a valid chat completion stream', () => {
  it.each<[name: string, text: string, facts?: StreamFacts]>([
    ['a stream of text', stream([ROLE, TEXT, STOP])],
    [
      'a stream whose finish_reason comes with its last text',
      stream([ROLE, chunk({ content: 'Hello' }, 'stop')]),
    ],
    ['a stream with comments', `: keepalive\n\n${stream([ROLE, STOP])}`],
    ['a stream with empty chunks anywhere', stream([chunk({}), ROLE, chunk({}), TEXT, chunk({}), STOP])],
    ['a stream of two calls, piece by piece', stream([...CALLS, CALLED])],
    [
      'a stream of two interleaved calls',
      stream([
        ROLE,
        toolCall(0, 'a'),
        toolCall(1, 'b'),
        piece(1, '{'),
        piece(0, '{}'),
        piece(1, '}'),
        CALLED,
      ]),
    ],
    ['a stream of text and then a call', stream([ROLE, TEXT, toolCall(0, 'a'), piece(0, '{}'), CALLED])],
    ['a stream of a call that was cut off by a limit', stream([ROLE, toolCall(0, 'a'), chunk({}, 'length')])],
    [
      'a stream of a custom call',
      stream([
        chunk({
          role: 'assistant',
          tool_calls: [{ index: 0, id: 'a', type: 'custom', custom: { name: 'f', input: '' } }],
        }),
        chunk({ tool_calls: [{ index: 0, custom: { input: 'x' } }] }),
        CALLED,
      ]),
    ],
    [
      'a stream of a deprecated function_call',
      stream([
        chunk({ role: 'assistant', function_call: { name: 'f', arguments: '' } }),
        chunk({ function_call: { arguments: '{}' } }),
        chunk({}, 'function_call'),
      ]),
    ],
    [
      'a stream of two interleaved choices',
      stream([
        ROLE,
        chunk({ role: 'assistant', content: '' }, null, 1),
        chunk({ content: 'b' }, null, 1),
        STOP,
        chunk({ content: 'b' }, 'stop', 1),
      ]),
    ],
    ['a stream with usage', stream([...counting([ROLE, TEXT, STOP]), COUNT]), { includeUsage: true }],
    ['a stream that fails', write([ROLE, TEXT, { error: ERROR }])],
    ['a stream that fails before its first chunk', write([{ error: ERROR }])],
    [
      'a stream with data split over several lines',
      stream([ROLE, STOP]).replace('"created"', '\ndata: "created"'),
    ],
    ['a stream with CRLF line endings', stream([ROLE, TEXT, STOP]).replaceAll('\n', '\r\n')],
    ['a stream that is cut off', `${write([ROLE, TEXT])}data: {"id"`, { cut: true }],
  ])('accepts %s', (_name, text, facts) => {
    expectGoodStream(text, facts);
  });
});

/** The fault, and the only violation that is reported for it. */
const BROKEN: [name: string, text: string, violation: string, facts?: StreamFacts][] = [
  ['a missing [DONE]', write([ROLE, STOP]), 'no [DONE]'],
  ['a chunk after [DONE]', `${stream([ROLE, STOP])}data: [DONE]\n\n`, 'goes on after [DONE]'],
  ['only a [DONE]', stream([]), 'no choice'],
  ['a missing last blank line', stream([ROLE, STOP]).slice(0, -1), 'the last event is not whole,no [DONE]'],
  ['data that is not JSON', `data: {\n\n${stream([ROLE, STOP])}`, 'a data event is not a JSON object'],
  ['an empty data event', `data: \n\n${stream([ROLE, STOP])}`, 'an event has empty data'],
  ['an event without data', `id: 1\n\n${stream([ROLE, STOP])}`, 'an event has no data'],
  ['a ping comment', `: ping\n\n${stream([ROLE, STOP])}`, "the comment ': ping' ends a stream"],

  ['an id that changes', stream([ROLE, { ...STOP, id: 'chatcmpl-2' }]), 'id changes'],
  ['a creation time that changes', stream([ROLE, { ...STOP, created: 2 }]), 'created changes'],
  ['a model that changes', stream([ROLE, { ...STOP, model: 'gpt-5.5' }]), 'model changes'],
  ['a wrong object', stream([ROLE, { ...STOP, object: 'chunk' }]), 'a chunk has no right object'],
  [
    'a chunk without choices',
    stream([ROLE, { ...ENVELOPE }, STOP]),
    'a chunk has no right choices,a chunk has neither choices nor usage',
  ],
  [
    'an empty list of choices',
    stream([ROLE, { ...ENVELOPE, choices: [] }, STOP]),
    'a chunk has neither choices nor usage',
  ],
  [
    'choice indexes that start at 1',
    stream([chunk({ role: 'assistant' }, 'stop', 1)]),
    'the indexes of choices do not count from 0',
  ],
  [
    'a choice without a delta',
    stream([ROLE, { ...ENVELOPE, choices: [{ index: 0, finish_reason: 'stop' }] }]),
    'a chunk has no delta',
  ],

  ['a missing role', stream([TEXT, STOP]), 'the first delta has no role'],
  [
    'a role after the first delta',
    stream([TEXT, ROLE, STOP]),
    'the first delta has no role,the role is repeated',
  ],
  ['a repeated role', stream([ROLE, ROLE, STOP]), 'the role is repeated'],
  ['content that is not a string', stream([ROLE, chunk({ content: 1 }), STOP]), 'content is not text'],

  ['a missing finish_reason', stream([ROLE, TEXT]), 'no finish_reason'],
  [
    'a chunk without the finish_reason key',
    stream([ROLE, { ...ENVELOPE, choices: [{ index: 0, delta: {} }] }, STOP]),
    'finish_reason is none of OpenAI,goes on after its finish_reason',
  ],
  ['an unknown finish_reason', stream([ROLE, chunk({}, 'end')]), 'finish_reason is none of OpenAI'],
  ['two finish reasons', stream([ROLE, STOP, STOP]), 'goes on after its finish_reason'],
  ['text after the finish_reason', stream([ROLE, STOP, TEXT]), 'goes on after its finish_reason'],
  [
    'calls that end with the finish_reason stop',
    stream([...CALLS, STOP]),
    'finish_reason stop does not fit what was called',
  ],
  [
    'a finish_reason tool_calls without a call',
    stream([ROLE, CALLED]),
    'finish_reason tool_calls does not fit what was called',
  ],
  [
    'a finish_reason function_call without a call',
    stream([ROLE, chunk({}, 'function_call')]),
    'finish_reason function_call does not fit what was called',
  ],

  [
    'a call without an index',
    stream([ROLE, toolCall(undefined, 'a'), CALLED]),
    'the indexes of tool calls do not count from 0',
  ],
  [
    'call indexes that start at 1',
    stream([ROLE, toolCall(1, 'a'), CALLED]),
    'the indexes of tool calls do not count from 0',
  ],
  [
    'two calls with the same index',
    stream([ROLE, toolCall(0, 'a'), toolCall(0, 'b'), CALLED]),
    'tool call 0: id is repeated,tool call 0: type is repeated,tool call 0: name is repeated',
  ],
  [
    'two calls with the same id',
    stream([ROLE, toolCall(0, 'a'), toolCall(1, 'a'), CALLED]),
    'two tool calls have the same id',
  ],
  [
    'an empty list of calls',
    stream([ROLE, chunk({ tool_calls: [] }), STOP]),
    'tool_calls is not a list of calls',
  ],
  [
    'a call without its first piece',
    stream([ROLE, piece(0, '{}'), CALLED]),
    'tool call 0: has no id,tool call 0: has no type,tool call 0: has no name',
  ],
  ['a call without a name', stream([ROLE, toolCall(0, 'a', ''), CALLED]), 'tool call 0: has no name'],
  [
    'arguments that are not a string',
    stream([ROLE, toolCall(0, 'a'), piece(0, {}), CALLED]),
    'tool call 0: arguments is not text',
  ],
  [
    'a function_call with a repeated name',
    stream([
      ROLE,
      chunk({ function_call: { name: 'f', arguments: '' } }),
      chunk({ function_call: { name: 'f', arguments: '' } }),
      chunk({}, 'function_call'),
    ]),
    'function_call: name is repeated',
  ],

  [
    'usage that was not requested',
    stream([ROLE, STOP, COUNT]),
    'usage that was not asked for',
    { includeUsage: false },
  ],
  [
    'an empty usage key that was not requested',
    stream(counting([ROLE, STOP])),
    'usage that was not asked for',
    { includeUsage: false },
  ],
  ['a missing usage chunk', stream(counting([ROLE, STOP])), 'no usage', { includeUsage: true }],
  [
    'chunks without the usage key',
    stream([ROLE, STOP, COUNT]),
    'a chunk has no usage key',
    { includeUsage: true },
  ],
  [
    'usage in the chunk with the finish_reason',
    stream([...counting([ROLE]), { ...STOP, usage: USAGE }]),
    'usage beside a choice',
  ],
  ['usage twice', stream([...counting([ROLE, STOP]), COUNT, COUNT]), 'goes on after the usage'],
  [
    'usage without a total',
    stream([...counting([ROLE, STOP]), { ...COUNT, usage: { prompt_tokens: 1, completion_tokens: 2 } }]),
    'a count is missing in the usage',
  ],

  ['an error in a chunk with text', write([ROLE, { ...TEXT, error: null }]), 'an error is not whole'],
  [
    'an error without a code',
    write([ROLE, { error: { message: 'boom', type: 'server_error', param: null } }]),
    'an error is not whole',
  ],
  ['text after an error', write([ROLE, { error: ERROR }, TEXT]), 'goes on after an error'],
  ['[DONE] after an error', stream([ROLE, { error: ERROR }]), '[DONE] after an error'],
  ['a missing role in a stream that is cut off', write([TEXT]), 'the first delta has no role', { cut: true }],
  [
    'a missing finish_reason before [DONE] in a stream that is cut off',
    stream([ROLE, TEXT]),
    'no finish_reason',
    { cut: true },
  ],
];

describe('the checker of a broken chat completion stream', () => {
  it.each(BROKEN)('reports %s', (_name, text, violation, facts) => {
    expect(checkStream(text, facts).join().replaceAll('choice 0: ', '')).toBe(violation);
  });
});
