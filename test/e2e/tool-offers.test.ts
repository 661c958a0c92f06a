import { describe, expect, it } from 'vitest';
import { askWithTools, functionTool } from '../support/ask-with-tools.ts';
import { call, callId, offeredTools } from '../support/upstream-tools.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const messages = [{ role: 'user', content: 'Look.' }];
const LONG = 'a'.repeat(64);
const LONG_RESERVED = `mcp__${'a'.repeat(59)}`;

/** Names that Codex reserves, and the names sent upstream in their place. */
const ALIASES = {
  exec_command: '_exec_command',
  shell_command: '_shell_command',
  mcp: '_mcp',
  mcp__files__read: '_mcp__files__read',
  [LONG_RESERVED]: `_${LONG_RESERVED}`.slice(0, 64),
};

describe.each(['gpt-5.5', 'gpt-6-sol'])('the model %s', (model) => {
  it.each(['apply_patch', 'web_search', 'update_plan', '__proto__', '-', LONG])(
    'is offered and calls a tool of the name %s',
    async (name) => {
      gateway.upstream.use(call({ name, arguments: '{}' }));
      const { headers, message } = await askWithTools(gateway, {
        model,
        messages,
        tools: [functionTool(name)],
      });
      expect(message.tool_calls).toMatchObject([{ function: { name } }]);
      expect(headers.get('x-codex-gateway-adjusted')).toBeNull();
      expect(offeredTools(gateway.upstream.requests[0]!)).toEqual([name]);
    },
  );

  it.each(Object.entries(ALIASES))(
    'gets the tool %s as %s, which only a header shows',
    async (name, alias) => {
      gateway.upstream.use(call({ name: alias, arguments: '{"a":1}' }));
      const history = [
        ...messages,
        {
          role: 'assistant',
          tool_calls: [{ id: 'before', type: 'function', function: { name, arguments: '{}' } }],
        },
        { role: 'tool', tool_call_id: 'before', content: 'nothing' },
      ];
      const body = { model, messages: history, tools: [functionTool('look'), functionTool(name)] };
      const { headers, message } = await askWithTools(gateway, body, 'streamed');
      expect(message.tool_calls).toEqual([
        { id: callId(1), type: 'function', function: { name, arguments: '{"a":1}' } },
      ]);
      expect(headers.get('x-codex-gateway-adjusted')).toBe(`tools[1].function.name=${name}->${alias}`);
      const [request] = gateway.upstream.requests;
      expect(offeredTools(request!).toSorted()).toEqual(['look', alias].toSorted());
      expect(request!.body.input.find(({ type }) => type === 'function_call')).toMatchObject({ name: alias });
    },
  );

  it('is offered two names when one could be the alias of the other', async () => {
    gateway.upstream.use(call({ name: '_mcp', arguments: '{}' }, { name: '_mcp_2', arguments: '{}' }));
    const tools = ['mcp', '_mcp'].map((name) => functionTool(name));
    const { message } = await askWithTools(gateway, { model, messages, tools });
    expect(message.tool_calls).toMatchObject([{ function: { name: '_mcp' } }, { function: { name: 'mcp' } }]);
  });

  it('is offered as many tools as the caller sends', async () => {
    gateway.upstream.use(say('Hello.'));
    const tools = Array.from({ length: 300 }, (_, index) => functionTool(`tool_${index}`));
    const { status } = await askWithTools(gateway, { model, messages, tools });
    expect(status).toBe(200);
    expect(offeredTools(gateway.upstream.requests[0]!)).toHaveLength(300);
  });

  it('is offered a strict function as a non-strict one, named in the header', async () => {
    gateway.upstream.use(say('Hello.'));
    const strict = { type: 'object', properties: {}, required: [], additionalProperties: false };
    const tools = [{ type: 'function', function: { name: 'look', parameters: strict, strict: true } }];
    const { headers } = await askWithTools(gateway, { model, messages, tools });
    expect(headers.get('x-codex-gateway-adjusted')).toBe('tools[0].function.strict=true->false');
    const flat = [{ type: 'function', name: 'look', parameters: strict, strict: true }];
    const second = await askWithTools(gateway, { model, messages, tools: flat });
    expect(second.headers.get('x-codex-gateway-adjusted')).toBe('tools[0].strict=true->false');
  });
});

const withParameters = (parameters: unknown) => [
  functionTool('look'),
  { type: 'function', function: { name: 'show', parameters } },
];
const SHOW = 'tools[1].function.parameters';

const REFUSED: [what: string, body: object, param: string][] = [
  ['a name of 65 characters', { tools: [functionTool(`${LONG}a`)] }, 'tools[0].function.name'],
  ['an empty name', { tools: [functionTool('')] }, 'tools[0].function.name'],
  ['a name with a space', { tools: [functionTool('a b')] }, 'tools[0].function.name'],
  ['a name with a dot', { tools: [functionTool('a.b')] }, 'tools[0].function.name'],
  ['a name with a line break at its end', { tools: [functionTool('a\n')] }, 'tools[0].function.name'],
  ['a flat name with an umlaut', { tools: [{ type: 'function', name: 'ä' }] }, 'tools[0].name'],
  [
    'a custom name with a space',
    { tools: [{ type: 'custom', custom: { name: 'a b' } }] },
    'tools[0].custom.name',
  ],
  ['no name', { tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
  ['one name twice', { tools: [functionTool('a'), functionTool('a')] }, 'tools[1].function.name'],
  [
    'one name for a function and a custom tool',
    { tools: [functionTool('a'), { type: 'custom', custom: { name: 'a' } }] },
    'tools[1].custom.name',
  ],
  ['one function twice', { functions: [{ name: 'a' }, { name: 'a' }] }, 'functions[1].name'],
  ['tools that are not a list', { tools: functionTool('a') }, 'tools'],
  ['a tool that is not an object', { tools: ['look'] }, 'tools[0]'],
  ['a tool without a type', { tools: [{ function: { name: 'a' } }] }, 'tools[0].type'],
  ['a tool of another type', { tools: [{ type: 'foo' }] }, 'tools[0].type'],
  [
    'a grammar without a definition',
    {
      tools: [
        { type: 'custom', custom: { name: 'a', format: { type: 'grammar', grammar: { syntax: 'lark' } } } },
      ],
    },
    'tools[0].custom.format',
  ],
  ['parameters that are a list', { tools: withParameters([]) }, SHOW],
  ['parameters that are a text', { tools: withParameters('{}') }, SHOW],
  ['parameters of an unknown type', { tools: withParameters({ type: 'thing' }) }, SHOW],
  ['parameters that are not an object', { tools: withParameters({ type: 'string' }) }, SHOW],
  [
    'a parameter of an unknown type',
    { tools: withParameters({ type: 'object', properties: { a: { type: 'text' } } }) },
    `${SHOW}.properties.a`,
  ],
  [
    'a reference to elsewhere',
    { tools: withParameters({ type: 'object', properties: { a: { $ref: 'https://a.example/schema' } } }) },
    `${SHOW}.properties.a`,
  ],
];

it.each(REFUSED)('refuses %s with a 400 that names the field', async (_what, body, param) => {
  const { status, error } = await askWithTools(gateway, { model: 'gpt-5.5', messages, ...body });
  expect([status, error?.param]).toEqual([400, param]);
  expect(gateway.upstream.requests).toEqual([]);
});
