import { dataUrl, SMALL } from '../images.ts';
import { call, onlyFirst } from '../upstream-tools.ts';
import { forEveryModel, PNG, PNG_URL, respond, type RecordedCases } from './client-request.ts';

const PARAMETERS = {
  type: 'object',
  properties: { zeta: { type: 'string', minLength: 3 }, alpha: { const: 5 }, 'ü "q"': { maximum: 1e20 } },
};
const user = (content: string) => ({ role: 'user', content });
const text = (value: string) => ({ type: 'input_text', text: value });
const fn = (name: string, further: object = {}) => ({
  type: 'function',
  name,
  parameters: PARAMETERS,
  ...further,
});
const LOOK = fn('look', { description: 'Looks.' });
const DRAW = { type: 'custom', name: 'draw', description: 'Draws.' };
const PATCH = {
  type: 'custom',
  name: 'apply_patch',
  format: { type: 'grammar', syntax: 'lark', definition: 'start: "x"\n' },
};
const FILES = {
  type: 'namespace',
  name: 'mcp__files',
  description: 'Files.',
  tools: [fn('read', { strict: true }), DRAW],
};
const SEARCH = {
  type: 'tool_search',
  execution: 'client',
  description: 'Finds tools.',
  parameters: PARAMETERS,
};
const WEB = {
  type: 'web_search',
  search_context_size: 'high',
  user_location: { type: 'approximate', country: 'CH', city: 'Bern' },
  filters: { allowed_domains: ['example.com', 'a.example'] },
};
const FOUND = [fn('found', { strict: true, defer_loading: true })];

const RAW_ITEMS = [
  user('Look.'),
  {
    type: 'reasoning',
    id: 'rs_1',
    summary: [{ type: 'summary_text', text: 'Hm "☕".' }],
    encrypted_content: 'c2VhbGVk+/=',
  },
  {
    type: 'reasoning',
    id: 'an id with blanks',
    status: 'completed',
    content: [{ type: 'reasoning_text', text: 'Aha.' }],
    encrypted_content: 'x',
  },
  {
    type: 'web_search_call',
    id: 'ws_1',
    status: 'completed',
    action: { type: 'search', query: 'tea', queries: ['tea', 'thé'] },
  },
  { type: 'web_search_call', action: { type: 'find_in_page', url: 'https://example.com/', pattern: 'é' } },
  { type: 'tool_search_call', id: 'tsc_1', call_id: 'call_s', arguments: { goal: 'x', limit: 1e20 } },
  {
    type: 'tool_search_output',
    id: 'tso_1',
    call_id: 'call_s',
    execution: 'client',
    status: 'completed',
    tools: FOUND,
  },
  { type: 'additional_tools', role: 'developer', tools: [fn('later'), FILES] },
  {
    type: 'agent_message',
    author: '/root',
    recipient: '/root/a',
    content: [text('Go.'), { type: 'encrypted_content', encrypted_content: 'e' }],
  },
  { type: 'configuration_update', reasoning: { effort: 'low' } },
  user('And?'),
];

const CALLS = [
  user('Look.'),
  {
    type: 'function_call',
    id: 'fc_1',
    status: 'completed',
    call_id: 'call_1',
    name: 'look',
    arguments: '{"a" 1\n',
  },
  { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'draw', input: 'a "line"\n☕' },
  { type: 'function_call', call_id: 'call_3', name: 'gone', arguments: '' },
  { type: 'function_call_output', call_id: 'call_3', output: '' },
  {
    type: 'custom_tool_call_output',
    call_id: 'call_2',
    output: [text('drawn'), { type: 'input_image', image_url: PNG_URL }],
  },
  {
    type: 'function_call_output',
    call_id: 'call_1',
    output: [text('I '), { type: 'output_text', text: 'see.' }],
  },
  { type: 'custom_tool_call', call_id: 'call_4', name: 'unoffered', input: '' },
  { type: 'custom_tool_call_output', call_id: 'call_4', output: 'done' },
  user('Again.'),
];
const GROUPED = [
  user('Read.'),
  { type: 'function_call', call_id: 'call_1', name: 'read', namespace: 'mcp__files', arguments: '{}' },
  { type: 'function_call_output', call_id: 'call_1', output: 'read' },
  { type: 'custom_tool_call', call_id: 'call_2', name: 'apply_patch', input: '*** Begin' },
  {
    type: 'custom_tool_call_output',
    call_id: 'call_2',
    output: [text('see'), { type: 'input_image', image_url: dataUrl(SMALL.gif, 'gif'), detail: 'low' }],
  },
];

const LONG = 'call_'.padEnd(100, 'x');
const RELABELLED = [`${LONG}a`, `${LONG}b`, '', 'call_\ud800', 'call_\ud801', 'ü'].flatMap((id, index) => {
  const kind = index % 2 === 0 ? 'function_call' : 'custom_tool_call';
  const name = ['my tool', 'a.b/c', 'n'.repeat(100), 'look_\ud800'][index % 4];
  const given = index % 2 === 0 ? { arguments: '{}' } : { input: 'x' };
  return [
    { type: kind, call_id: id, name, ...given },
    { type: `${kind}_output`, call_id: id, output: `result ${index}` },
  ];
});
const REPEATED = [1, 2].flatMap((turn) => [
  { type: 'function_call', call_id: 'same', name: 'look', arguments: `{"turn":${turn}}` },
  { type: 'function_call_output', call_id: 'same', output: `${turn}` },
]);

const RESULTS = [
  user('Look.'),
  {
    type: 'mcp_call',
    id: 'mcp_1',
    name: 'read',
    server_label: 'files "x"',
    arguments: '{"a":1}',
    output: 'Tea is hot. ☕',
  },
  {
    type: 'mcp_call',
    id: 'mcp_2',
    name: 'read',
    server_label: null,
    arguments: '',
    output: null,
    error: { code: 5, message: 'no' },
  },
  {
    type: 'file_search_call',
    id: 'fs_1',
    queries: ['tea', '"x"'],
    results: [{ text: 'hot', score: 0.5 }, { text: 'cold' }],
  },
  {
    type: 'code_interpreter_call',
    id: 'ci_1',
    code: 'print("tea")\n',
    outputs: [
      { type: 'logs', logs: 'tea\n' },
      { type: 'image', url: PNG_URL },
    ],
  },
  { type: 'image_generation_call', id: 'ig_1', status: 'completed', result: PNG, revised_prompt: 'Tea.' },
  { type: 'mcp_list_tools', id: 'ml_1', server_label: 'files', tools: [] },
  user('And?'),
];

/** Tools of responses, and items of every kind. */
export const RESPONSE_ITEMS: RecordedCases = {
  ...forEveryModel('functions', (model) => [
    respond({ model, tools: [LOOK, DRAW, fn('strict', { strict: true })] }),
  ]),
  ...forEveryModel('raw-tools', (model) => [
    respond({
      model,
      tools: [LOOK, PATCH, FILES, SEARCH, WEB, fn('exec_command'), fn('slow', { defer_loading: true })],
    }),
  ]),
  'reserved-name': [
    respond({ tools: [fn('mcp__files__read')] }),
    respond({ tools: [LOOK, fn('shell_command')], stream: true }),
  ],
  'half-characters-in-raw-tools': [
    respond({ tools: [{ ...PATCH, description: 'half \ud83d' }, fn('a', { parameters: { '\ude00': 1 } })] }),
  ],
  'web-search': [
    respond({ tools: [WEB] }),
    respond({ model: 'gpt-6-sol', tools: [{ type: 'web_search_preview' }, LOOK] }),
  ],
  'tool-choice': [
    respond({ tools: [LOOK, DRAW], tool_choice: 'none' }),
    respond({ tools: [LOOK, PATCH], tool_choice: 'none' }),
    respond(
      { tools: [LOOK, DRAW], tool_choice: { type: 'custom', name: 'draw' } },
      onlyFirst(call({ name: 'draw', arguments: { input: 'x' } })),
    ),
    respond({
      tools: [LOOK, PATCH, WEB],
      tool_choice: {
        type: 'allowed_tools',
        mode: 'auto',
        tools: [{ type: 'function', name: 'look' }, { type: 'web_search' }],
      },
    }),
    respond({
      model: 'gpt-6-sol',
      tools: [LOOK, PATCH, WEB],
      tool_choice: { type: 'allowed_tools', mode: 'auto', tools: [{ type: 'custom', name: 'apply_patch' }] },
    }),
  ],
  'hosted-tools-left-out': [
    respond({
      tools: [{ type: 'image_generation' }, { type: 'code_interpreter', container: { type: 'auto' } }, LOOK],
    }),
  ],
  ...forEveryModel('raw-items', (model) => [respond({ model, input: RAW_ITEMS, tools: [SEARCH, WEB] })]),
  'raw-items-without-tools': [
    respond({ input: RAW_ITEMS.filter((item) => !('tools' in item && 'role' in item)) }),
  ],
  ...forEveryModel('calls', (model) => [respond({ model, input: CALLS, tools: [LOOK, DRAW] })]),
  'calls-beside-raw-tools': [
    respond({ input: CALLS, tools: [LOOK, DRAW, PATCH] }),
    respond({ model: 'gpt-6-sol', input: GROUPED, tools: [FILES, PATCH], stream: true }),
  ],
  'odd-call-labels': [respond({ input: [user('Look.'), ...RELABELLED, ...REPEATED] })],
  ...forEveryModel('results-of-the-provider', (model) => [respond({ model, input: RESULTS })]),
  'unsealed-reasoning-left-out': [
    respond({
      input: [{ type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] }, user('Go.')],
    }),
  ],
};
