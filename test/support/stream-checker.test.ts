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

describe('a good stream', () => {
  it.each<[name: string, text: string, facts?: StreamFacts]>([
    ['of text', stream([ROLE, TEXT, STOP])],
    ['whose end comes with its last text', stream([ROLE, chunk({ content: 'Hello' }, 'stop')])],
    ['with comments', `: keepalive\n\n${stream([ROLE, STOP])}`],
    ['with heartbeats anywhere', stream([chunk({}), ROLE, chunk({}), TEXT, chunk({}), STOP])],
    ['of two calls, piece by piece', stream([...CALLS, CALLED])],
    [
      'of two calls whose pieces are mixed',
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
    ['of text and then a call', stream([ROLE, TEXT, toolCall(0, 'a'), piece(0, '{}'), CALLED])],
    ['of a call that was cut by a limit', stream([ROLE, toolCall(0, 'a'), chunk({}, 'length')])],
    [
      'of a custom call',
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
      'of the old function_call',
      stream([
        chunk({ role: 'assistant', function_call: { name: 'f', arguments: '' } }),
        chunk({ function_call: { arguments: '{}' } }),
        chunk({}, 'function_call'),
      ]),
    ],
    [
      'of two choices, in turn',
      stream([
        ROLE,
        chunk({ role: 'assistant', content: '' }, null, 1),
        chunk({ content: 'b' }, null, 1),
        STOP,
        chunk({ content: 'b' }, 'stop', 1),
      ]),
    ],
    ['with usage', stream([...counting([ROLE, TEXT, STOP]), COUNT]), { includeUsage: true }],
    ['that fails', write([ROLE, TEXT, { error: ERROR }])],
    ['that fails before it says anything', write([{ error: ERROR }])],
    ['in lines of data', stream([ROLE, STOP]).replace('"created"', '\ndata: "created"')],
    ['with other line ends', stream([ROLE, TEXT, STOP]).replaceAll('\n', '\r\n')],
    ['that is cut', `${write([ROLE, TEXT])}data: {"id"`, { cut: true }],
  ])('%s passes', (_name, text, facts) => {
    expectGoodStream(text, facts);
  });
});

/** What is broken, and all that is said of it. */
const BROKEN: [name: string, text: string, violation: string, facts?: StreamFacts][] = [
  ['no [DONE]', write([ROLE, STOP]), 'no [DONE]'],
  ['something after [DONE]', `${stream([ROLE, STOP])}data: [DONE]\n\n`, 'goes on after [DONE]'],
  ['nothing but [DONE]', stream([]), 'no choice'],
  ['no last blank line', stream([ROLE, STOP]).slice(0, -1), 'the last event is not whole,no [DONE]'],
  ['no JSON', `data: {\n\n${stream([ROLE, STOP])}`, 'a data event is no JSON object'],
  ['an empty data event', `data: \n\n${stream([ROLE, STOP])}`, 'an event has empty data'],
  ['an event without data', `id: 1\n\n${stream([ROLE, STOP])}`, 'an event has no data'],
  ['the comment ping', `: ping\n\n${stream([ROLE, STOP])}`, "the comment ': ping' ends a stream"],

  ['another id', stream([ROLE, { ...STOP, id: 'chatcmpl-2' }]), 'id changes'],
  ['another time', stream([ROLE, { ...STOP, created: 2 }]), 'created changes'],
  ['another model', stream([ROLE, { ...STOP, model: 'gpt-5.5' }]), 'model changes'],
  ['another object', stream([ROLE, { ...STOP, object: 'chunk' }]), 'a chunk has no right object'],
  [
    'no choices',
    stream([ROLE, { ...ENVELOPE }, STOP]),
    'a chunk has no right choices,a chunk has neither choices nor usage',
  ],
  [
    'an empty list of choices',
    stream([ROLE, { ...ENVELOPE, choices: [] }, STOP]),
    'a chunk has neither choices nor usage',
  ],
  [
    'choices from 1',
    stream([chunk({ role: 'assistant' }, 'stop', 1)]),
    'the indexes of choices do not count from 0',
  ],
  [
    'no delta',
    stream([ROLE, { ...ENVELOPE, choices: [{ index: 0, finish_reason: 'stop' }] }]),
    'a chunk has no delta',
  ],

  ['no role', stream([TEXT, STOP]), 'the first delta has no role'],
  ['a role too late', stream([TEXT, ROLE, STOP]), 'the first delta has no role,the role is repeated'],
  ['a role with each chunk', stream([ROLE, ROLE, STOP]), 'the role is repeated'],
  ['content that is no text', stream([ROLE, chunk({ content: 1 }), STOP]), 'content is no text'],

  ['no finish_reason', stream([ROLE, TEXT]), 'no finish_reason'],
  [
    'a chunk without the key',
    stream([ROLE, { ...ENVELOPE, choices: [{ index: 0, delta: {} }] }, STOP]),
    'finish_reason is none of OpenAI,goes on after its finish_reason',
  ],
  ['an unknown finish_reason', stream([ROLE, chunk({}, 'end')]), 'finish_reason is none of OpenAI'],
  ['two ends', stream([ROLE, STOP, STOP]), 'goes on after its finish_reason'],
  ['text after the end', stream([ROLE, STOP, TEXT]), 'goes on after its finish_reason'],
  ['calls that stop', stream([...CALLS, STOP]), 'finish_reason stop does not fit what was called'],
  [
    'an end for calls without any',
    stream([ROLE, CALLED]),
    'finish_reason tool_calls does not fit what was called',
  ],
  [
    'an end for a function_call without any',
    stream([ROLE, chunk({}, 'function_call')]),
    'finish_reason function_call does not fit what was called',
  ],

  [
    'a call without index',
    stream([ROLE, toolCall(undefined, 'a'), CALLED]),
    'the indexes of tool calls do not count from 0',
  ],
  ['calls from 1', stream([ROLE, toolCall(1, 'a'), CALLED]), 'the indexes of tool calls do not count from 0'],
  [
    'a second call of the same index',
    stream([ROLE, toolCall(0, 'a'), toolCall(0, 'b'), CALLED]),
    'tool call 0: id is repeated,tool call 0: type is repeated,tool call 0: name is repeated',
  ],
  [
    'two calls of the same id',
    stream([ROLE, toolCall(0, 'a'), toolCall(1, 'a'), CALLED]),
    'two tool calls have the same id',
  ],
  [
    'an empty list of calls',
    stream([ROLE, chunk({ tool_calls: [] }), STOP]),
    'tool_calls is no list of calls',
  ],
  [
    'a call that begins in the middle',
    stream([ROLE, piece(0, '{}'), CALLED]),
    'tool call 0: has no id,tool call 0: has no type,tool call 0: has no name',
  ],
  ['a call without a name', stream([ROLE, toolCall(0, 'a', ''), CALLED]), 'tool call 0: has no name'],
  [
    'arguments that are no text',
    stream([ROLE, toolCall(0, 'a'), piece(0, {}), CALLED]),
    'tool call 0: arguments is no text',
  ],
  [
    'a function_call whose name is repeated',
    stream([
      ROLE,
      chunk({ function_call: { name: 'f', arguments: '' } }),
      chunk({ function_call: { name: 'f', arguments: '' } }),
      chunk({}, 'function_call'),
    ]),
    'function_call: name is repeated',
  ],

  [
    'usage nobody asked for',
    stream([ROLE, STOP, COUNT]),
    'usage that was not asked for',
    { includeUsage: false },
  ],
  [
    'an empty usage key nobody asked for',
    stream(counting([ROLE, STOP])),
    'usage that was not asked for',
    { includeUsage: false },
  ],
  ['no usage', stream(counting([ROLE, STOP])), 'no usage', { includeUsage: true }],
  [
    'chunks without the usage key',
    stream([ROLE, STOP, COUNT]),
    'a chunk has no usage key',
    { includeUsage: true },
  ],
  ['usage beside the end', stream([...counting([ROLE]), { ...STOP, usage: USAGE }]), 'usage beside a choice'],
  ['usage twice', stream([...counting([ROLE, STOP]), COUNT, COUNT]), 'goes on after the usage'],
  [
    'usage without a total',
    stream([...counting([ROLE, STOP]), { ...COUNT, usage: { prompt_tokens: 1, completion_tokens: 2 } }]),
    'a count is missing in the usage',
  ],

  ['an error beside text', write([ROLE, { ...TEXT, error: null }]), 'an error is not whole'],
  [
    'an error without a code',
    write([ROLE, { error: { message: 'boom', type: 'server_error', param: null } }]),
    'an error is not whole',
  ],
  ['text after an error', write([ROLE, { error: ERROR }, TEXT]), 'goes on after an error'],
  ['[DONE] after an error', stream([ROLE, { error: ERROR }]), '[DONE] after an error'],
  ['a wrong start, though it is cut', write([TEXT]), 'the first delta has no role', { cut: true }],
  ['a wrong end that was read before the cut', stream([ROLE, TEXT]), 'no finish_reason', { cut: true }],
];

describe('a stream is told off for', () => {
  it.each(BROKEN)('%s', (_name, text, violation, facts) => {
    expect(checkStream(text, facts).join().replaceAll('choice 0: ', '')).toBe(violation);
  });
});
