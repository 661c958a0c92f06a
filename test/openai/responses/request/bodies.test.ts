import { expect, it } from 'vitest';
import { decodeResponse, ignoredOf } from '../../../support/decode-response.ts';

/** Fields that Codex's command line sends with every request. */
const CODEX = {
  stream: true,
  tool_choice: 'auto',
  store: false,
  include: ['reasoning.encrypted_content'],
  prompt_cache_key: '01a1',
  text: { verbosity: 'low' },
  client_metadata: { session_id: '01a1' },
};
const message = (id: string, role: string, text: string) => ({
  type: 'message',
  id,
  role,
  content: [{ type: 'input_text', text }],
});
const REASONING = {
  type: 'reasoning',
  id: 'rs_1',
  summary: [{ type: 'summary_text', text: '**Thinking**' }],
  content: null,
  encrypted_content: 'abc',
};
const GRAMMAR = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' };
const PARAMETERS = { type: 'object', properties: {}, additionalProperties: false };

const kindsOf = (body: object) =>
  decodeResponse(body).request.turn.items.map((item) =>
    item.type === 'tool-call' && item.custom ? 'custom-call' : item.type,
  );

it('accepts what Codex’s command line sends with function tools and other tools beside them', () => {
  const tools = [
    { type: 'function', name: 'exec_command', description: 'x', strict: false, parameters: PARAMETERS },
    { type: 'custom', name: 'apply_patch', description: 'x', format: GRAMMAR },
    { type: 'tool_search', execution: 'client', description: 'x', parameters: PARAMETERS },
    { type: 'web_search', external_web_access: true, search_content_types: ['text', 'image'] },
  ];
  const input = [
    message('msg_1', 'developer', 'You are Codex.'),
    message('msg_2', 'user', 'Say hello.'),
    REASONING,
    {
      type: 'message',
      id: 'msg_3',
      role: 'assistant',
      content: [{ type: 'output_text', text: 'I look.', annotations: [] }],
      phase: 'commentary',
    },
    { type: 'function_call', id: 'fc_1', name: 'exec_command', arguments: '{}', call_id: 'call_1' },
    { type: 'function_call_output', id: 'fco_1', call_id: 'call_1', output: 'hi' },
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_2', name: 'apply_patch', input: '***' },
    { type: 'custom_tool_call_output', id: 'ctco_1', call_id: 'call_2', output: 'Done.' },
  ];
  const body = { ...CODEX, tools, input, parallel_tool_calls: true, reasoning: { effort: 'medium' } };
  expect(kindsOf(body)).toEqual([
    'message',
    'message',
    'passthrough',
    'message',
    'tool-call',
    'tool-result',
    'custom-call',
    'tool-result',
  ]);
  const decoded = decodeResponse(body);
  expect(decoded.request.turn.passthroughTools).toEqual(tools);
  expect(decoded.input.map(({ id }) => id)).toEqual(input.map(({ id }) => id));
  expect(ignoredOf(body)).toEqual(['prompt_cache_key']);
});

it('accepts what Codex’s command line sends with all tools in the input', () => {
  const tools = [
    {
      type: 'namespace',
      name: 'functions',
      description: '',
      tools: [
        { type: 'custom', name: 'exec', description: 'x', format: GRAMMAR },
        { type: 'function', name: 'wait', description: 'x', strict: false, parameters: PARAMETERS },
      ],
    },
  ];
  const input = [
    { type: 'additional_tools', id: 'at_1', role: 'developer', tools },
    message('msg_1', 'user', 'Say hello.'),
    REASONING,
    { type: 'custom_tool_call', id: 'ctc_1', call_id: 'call_1', name: 'exec', input: 'text("hello");' },
    {
      type: 'custom_tool_call_output',
      id: 'ctco_1',
      call_id: 'call_1',
      output: [
        { type: 'input_text', text: 'Done.' },
        { type: 'input_text', text: 'hello' },
      ],
    },
  ];
  const body = {
    ...CODEX,
    input,
    parallel_tool_calls: false,
    reasoning: { effort: 'low', context: 'all_turns' },
  };
  expect(kindsOf(body)).toEqual(['passthrough', 'message', 'passthrough', 'custom-call', 'tool-result']);
  expect(decodeResponse(body).request.turn).toMatchObject({
    items: [{ item: input[0] }, {}, { item: REASONING }, { arguments: 'text("hello");' }, { custom: true }],
    passthroughTools: [],
    singleCall: true,
  });
  expect(ignoredOf(body)).toEqual(['prompt_cache_key']);
});

it('reports fields named like object internals, such as __proto__, as ignored', () => {
  const body = JSON.parse(
    '{"__proto__":{"tools":[]},"constructor":1,"input":[{"role":"user","content":"x","__proto__":{"type":"foo"}}],' +
      '"text":{"__proto__":1}}',
  ) as object;
  expect(ignoredOf(body)).toEqual(['__proto__', 'constructor', 'input[].__proto__', 'text.__proto__']);
});
