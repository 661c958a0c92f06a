import { describe, expect, it } from 'vitest';
import { askWithTools, functionTool } from '../support/ask-with-tools.ts';
import { askedFirst, call, callId, offeredTools, sendCalls } from '../support/upstream-tools.ts';
import { say, startResponse } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const asked = () => askedFirst(gateway.upstream.requests);

const messages = [{ role: 'user', content: 'Look.' }];
const tools = [functionTool('look'), functionTool('show'), { type: 'custom', custom: { name: 'draw' } }];
const functions = [{ name: 'look' }, { name: 'show' }];
const named = (name: string, type = 'function') => ({ type, [type]: { name } });
const flat = (name: string, type = 'function') => ({ type, name });
const allowed = (mode: string, names: string[]) => ({
  type: 'allowed_tools',
  allowed_tools: { mode, tools: names.map((name) => named(name)) },
});

/** Tools that remain with each choice. A model that calls the first of them satisfies every choice. */
const LEFT: [what: string, choice: object, left: string[]][] = [
  ['nothing', {}, ['look', 'show', 'draw']],
  ['null', { tool_choice: null }, ['look', 'show', 'draw']],
  ['auto', { tool_choice: 'auto' }, ['look', 'show', 'draw']],
  ['none', { tool_choice: 'none' }, []],
  ['required', { tool_choice: 'required' }, ['look', 'show', 'draw']],
  ['a name', { tool_choice: named('show') }, ['show']],
  ['a flat name', { tool_choice: flat('show') }, ['show']],
  ['the name of a custom tool', { tool_choice: named('draw', 'custom') }, ['draw']],
  ['the flat name of a custom tool', { tool_choice: flat('draw', 'custom') }, ['draw']],
  ['some, if any', { tool_choice: allowed('auto', ['show', 'look']) }, ['look', 'show']],
  ['one of some', { tool_choice: allowed('required', ['show', 'look']) }, ['look', 'show']],
  [
    'one of some, flat',
    { tool_choice: { type: 'allowed_tools', mode: 'required', tools: [flat('show')] } },
    ['show'],
  ],
  ['none of the functions', { tools: undefined, functions, function_call: 'none' }, []],
  ['a function', { tools: undefined, functions, function_call: { name: 'show' } }, ['show']],
];

describe.each(['gpt-5.5', 'gpt-6-sol'])('the tool choice on %s', (model) => {
  it.each(LEFT)('may be %s', async (_what, choice, left) => {
    const [name] = left;
    gateway.upstream.use(name === undefined ? say('No.') : call({ name, arguments: '{"input":""}' }));
    const { status, finishReason } = await askWithTools(gateway, { model, messages, tools, ...choice });
    expect([status, finishReason]).toEqual([
      200,
      name === undefined ? 'stop' : 'functions' in choice ? 'function_call' : 'tool_calls',
    ]);
    const [request, ...more] = asked();
    expect(offeredTools(request!).toSorted()).toEqual(left.toSorted());
    expect(more).toEqual([]);
  });

  it('returns one call when at most one is allowed', async () => {
    gateway.upstream.use(call({ name: 'look', arguments: '{}' }));
    const { message, usage } = await askWithTools(gateway, {
      model,
      messages,
      tools,
      parallel_tool_calls: false,
    });
    expect(message.tool_calls).toHaveLength(1);
    expect(usage).toMatchObject({ prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 });
    expect(usage).not.toHaveProperty('estimated');
  });

  it.each(['whole', 'streamed'] as const)(
    'returns the first of two calls when at most one is allowed, %s',
    async (way) => {
      gateway.upstream.use((_request, response) => {
        startResponse(response);
        sendCalls(response, [
          { name: 'look', arguments: '{"a":1}' },
          { name: 'other', arguments: '{}' },
        ]);
      });
      const body = { model, messages, tools, parallel_tool_calls: false };
      const { message, finishReason, usage } = await askWithTools(gateway, body, way);
      expect(message.tool_calls).toEqual([
        { id: callId(0), type: 'function', function: { name: 'look', arguments: '{"a":1}' } },
      ]);
      expect(finishReason).toBe('tool_calls');
      expect(usage).toMatchObject({ estimated: true });
      await asked()[0]!.aborted;
    },
  );
});

const REFUSED: [what: string, body: object, param: string][] = [
  ['an unknown word', { tools, tool_choice: 'any' }, 'tool_choice'],
  ['a number', { tools, tool_choice: 5 }, 'tool_choice'],
  ['an empty object', { tools, tool_choice: {} }, 'tool_choice'],
  ['a list', { tools, tool_choice: ['look'] }, 'tool_choice'],
  ['a name that is none', { tools, tool_choice: { type: 'function', function: {} } }, 'tool_choice'],
  ['an unknown name', { tools, tool_choice: named('other') }, 'tool_choice'],
  ['an unknown custom tool', { tools, tool_choice: named('other', 'custom') }, 'tool_choice'],
  ['required without tools', { tool_choice: 'required' }, 'tool_choice'],
  ['required of no tools', { tools: [], tool_choice: 'required' }, 'tool_choice'],
  ['a name without tools', { tool_choice: named('look') }, 'tool_choice'],
  ['some without tools', { tool_choice: allowed('auto', ['look']) }, 'tool_choice'],
  [
    'some with an unknown one',
    { tools, tool_choice: allowed('auto', ['look', 'other']) },
    'tool_choice.allowed_tools.tools[1]',
  ],
  ['some of no mode', { tools, tool_choice: allowed('some', ['look']) }, 'tool_choice.allowed_tools.mode'],
  ['none of some', { tools, tool_choice: allowed('auto', []) }, 'tool_choice.allowed_tools.tools'],
  ['an unknown function', { functions, function_call: { name: 'other' } }, 'function_call'],
  ['a function without functions', { function_call: { name: 'look' } }, 'function_call'],
  ['tools and functions', { tools, functions }, 'functions'],
  ['a word for parallel calls', { tools, parallel_tool_calls: 'no' }, 'parallel_tool_calls'],
];

it.each(REFUSED)('refuses %s with a 400 that names the field', async (_what, body, param) => {
  const { status, error } = await askWithTools(gateway, { model: 'gpt-5.5', messages, ...body });
  expect([status, error?.param]).toEqual([400, param]);
  expect(error?.message).toContain(`'${param}'`);
  expect(asked()).toEqual([]);
});
