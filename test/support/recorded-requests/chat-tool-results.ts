import { functionTool } from '../ask-with-tools.ts';
import { callInRounds } from '../upstream-tools.ts';
import { CALLS, CITY_SCHEMA, QUESTION, TOOL } from '../weather.ts';
import { chat, forEveryModel, HELLO, PNG_URL, type RecordedCases } from './client-request.ts';

const WEATHER = { type: 'function', function: { ...TOOL, parameters: CITY_SCHEMA } };
const LOOK = functionTool('look', {
  type: 'object',
  properties: { place: { type: 'string' }, zoom: { type: 'integer' } },
  required: ['place'],
});
const SET = functionTool('set', { type: 'object', additionalProperties: { type: 'integer' } });
const DRAW = { type: 'custom', custom: { name: 'draw' } };

const made = (id: string, name: string, args: string) => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const madeCustom = (id: string, name: string, input: string) => ({
  id,
  type: 'custom',
  custom: { name, input },
});
const calls = (...tool_calls: object[]) => ({ role: 'assistant', content: null, tool_calls });
const result = (tool_call_id: string, content: unknown) => ({ role: 'tool', tool_call_id, content });
const text = (value: string) => ({ type: 'text', text: value });

const HISTORY = [
  ...HELLO,
  {
    ...calls(made('call_a', 'look', '{"place": "here",\n "zoom":1.0}'), made('call_b', 'set', '')),
    content: 'I look.',
  },
  result('call_b', 'set'),
  result('call_a', [text('I see '), text('nothing.')]),
  calls(made('call_c', 'gone', 'no JSON "at" all'), madeCustom('call_d', 'draw', 'a "line"\n{}')),
  result('call_c', ''),
  result('call_d', [text('')]),
  { role: 'user', content: 'Again.' },
];
const WITH_IMAGE = [
  ...HELLO,
  calls(made('call_a', 'look', '{}')),
  result('call_a', [text('See:'), { type: 'image_url', image_url: { url: PNG_URL } }]),
];

const LONG = 'call_'.padEnd(100, 'x');
const LABELS = [`${LONG}a`, `${LONG}b`, '', 'with blank', 'call_\ud800', 'call_\ud801', 'ü'];
const RELABELLED = LABELS.flatMap((id, index) => [
  calls(made(id, ['my tool', 'a.b/c', 'n'.repeat(100), 'ok'][index % 4]!, '{}')),
  result(id, `result ${index}`),
]);
const REPEATED = [1, 2].flatMap((turn) => [
  calls(made('same', 'look', `{"turn":${turn}}`)),
  result('same', `${turn}`),
]);

const UUID = '01a2291b-23b8-7ac1-a804-0e3d70f79619';
const HEX = 'e16a6aa4fb634ecea10b71158602efe1';

/** Calls in earlier messages of chat completions, and their results. */
export const CHAT_TOOL_RESULTS: RecordedCases = {
  'earlier-calls-of-odd-names': [
    chat({
      messages: [
        ...HELLO,
        calls(made('a', 'mcp', '{}'), made('b', 'exec_command', '{}')),
        result('a', '1'),
        result('b', '2'),
      ],
      tools: [functionTool('mcp'), functionTool('_mcp')],
    }),
  ],
  'functions-of-old': [
    chat({
      messages: [
        ...HELLO,
        { role: 'assistant', content: null, function_call: { name: 'look', arguments: '{"place":"x"}' } },
        { role: 'function', name: 'look', content: 'nothing' },
      ],
      functions: [WEATHER.function, { name: 'look', description: 'Looks.' }],
      function_call: 'auto',
    }),
    chat({ functions: [WEATHER.function], function_call: 'none' }),
  ],
  ...forEveryModel('results', (model) => [chat({ model, messages: HISTORY, tools: [LOOK, SET, DRAW] })]),
  'results-without-tools': [chat({ messages: HISTORY })],
  'result-with-image': [
    chat({ messages: WITH_IMAGE, tools: [LOOK] }),
    chat({ model: 'gpt-6-sol', messages: WITH_IMAGE, stream: true }),
  ],
  'odd-call-labels': [chat({ messages: [...HELLO, ...RELABELLED, ...REPEATED], tools: [LOOK] })],
  'labels-that-look-random': [
    chat({
      messages: [
        ...HELLO,
        calls(made(UUID, 'look', '{}'), made(`call_${HEX}`, 'look', `{"place":"${UUID}"}`)),
        result(`call_${HEX}`, HEX),
        result(UUID, UUID),
      ],
    }),
  ],
  ...forEveryModel('loop', (model) => {
    const script = callInRounds([CALLS], 'Warm.');
    const messages = [{ role: 'user', content: QUESTION }];
    const asked = { model, tools: [WEATHER], parallel_tool_calls: true };
    const first = CALLS.map(({ name, arguments: args }, index) =>
      made(`call_${index + 1}`, name, JSON.stringify(args)),
    );
    const answered = [...messages, calls(...first), result('call_2', '25'), result('call_1', '20')];
    return [
      chat({ ...asked, messages }, script),
      chat({ ...asked, messages: answered, stream: true }, script),
    ];
  }),
};
