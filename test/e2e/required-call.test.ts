import { describe, expect, it } from 'vitest';
import { askWithTools, functionTool } from '../support/ask-with-tools.ts';
import { inOrder, refuseInWords, sayUntil } from '../support/upstream-answers.ts';
import { call, formatOf, offeredTools, onlyFirst, sendCalls } from '../support/upstream-tools.ts';
import {
  say,
  sendCompleted,
  sendItem,
  sendMessageDone,
  startMessage,
  type Script,
} from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway({ config: { maxTokens: 'enforce' } });

const messages = [{ role: 'user', content: 'Look.' }];

const LOOK = functionTool('look', {
  type: 'object',
  properties: { place: { type: 'string' }, zoom: { type: 'integer' } },
  required: ['place'],
});
const SHOW = functionTool('show', { type: 'object', properties: { count: { type: 'integer' } } });
/** An open map, which no strict schema can tell. */
const SET = functionTool('set', { type: 'object', additionalProperties: { type: 'integer' } });
const DRAW = { type: 'custom', custom: { name: 'draw' } };

/** The JSON of a call, as the second run asks for it. */
const json = (name: string, args: object) => say(JSON.stringify({ call: { name, arguments: args } }));
const text = say('I would rather talk.');

/** Everything that was said to the model in a request. */
const told = (index: number) => JSON.stringify(gateway.upstream.requests[index]!.body.input);

const WAYS = ['whole', 'streamed'] as const;
const REQUIRED = { messages, tools: [LOOK, SHOW, DRAW], tool_choice: 'required' };
const GENERATED = expect.stringMatching(/^call_\w{16,}$/) as string;
const BOTH_RUNS = { prompt_tokens: 22, completion_tokens: 14, total_tokens: 36 };

/** The one call of an answer, without its id. */
async function askForCall(script: Script, body: object, model = 'gpt-5.5') {
  gateway.upstream.use(script);
  const answer = await askWithTools(gateway, { model, ...body });
  expect(answer).toMatchObject({ status: 200, finishReason: 'tool_calls' });
  expect(answer.message.tool_calls).toHaveLength(1);
  const { id: _id, ...made } = answer.message.tool_calls![0]!;
  return { made, adjusted: answer.headers.get('x-codex-gateway-adjusted'), usage: answer.usage };
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('a required call on %s', (model) => {
  it.each(WAYS)('is requested as JSON when the model only answers with text, %s', async (way) => {
    gateway.upstream.use(inOrder(text, json('look', { place: 'here', zoom: null })));
    const { status, headers, message, finishReason, usage } = await askWithTools(
      gateway,
      { model, ...REQUIRED },
      way,
    );
    expect([status, finishReason]).toEqual([200, 'tool_calls']);
    expect(message).toMatchObject({ content: null });
    expect(message.tool_calls).toEqual([
      { id: GENERATED, type: 'function', function: { name: 'look', arguments: '{"place":"here"}' } },
    ]);
    expect(usage).toMatchObject(BOTH_RUNS);
    expect(headers.get('x-codex-gateway-adjusted')).toBe('tool_choice=required->output_schema');
    const [first, second] = gateway.upstream.requests;
    expect(offeredTools(first!).toSorted()).toEqual(['draw', 'look', 'show']);
    expect([offeredTools(second!), formatOf(second!)]).toMatchObject([
      [],
      { type: 'json_schema', strict: true },
    ]);
    expect(second!.body.input.at(-1)).toMatchObject({ content: [{ text: 'Look.' }] });
    expect(gateway.upstream.requests).toHaveLength(2);
  });

  it('is not requested again when the model calls by itself', async () => {
    const body = { model, ...REQUIRED };
    gateway.upstream.use(call({ name: 'show', arguments: '{}' }));
    const { headers, message } = await askWithTools(gateway, body);
    expect(message.tool_calls).toMatchObject([{ function: { name: 'show', arguments: '{}' } }]);
    expect(headers.get('x-codex-gateway-adjusted')).toBeNull();
    expect(gateway.upstream.requests).toHaveLength(1);
  });

  it('is not requested again when the model refuses', async () => {
    gateway.upstream.use(refuseInWords('No.'));
    const { message, finishReason } = await askWithTools(gateway, { model, ...REQUIRED });
    expect([message.content, message.tool_calls, finishReason]).toEqual(['', undefined, 'content_filter']);
    expect(gateway.upstream.requests).toHaveLength(1);
  });

  it.each(WAYS)('is not requested again when the answer was too long, %s', async (way) => {
    gateway.upstream.use(sayUntil('max_output_tokens', 'I would'));
    const { message, finishReason } = await askWithTools(gateway, { model, ...REQUIRED }, way);
    expect([message.content, message.tool_calls, finishReason]).toEqual(['I would', undefined, 'length']);
    expect(gateway.upstream.requests).toHaveLength(1);
  });
});

it('a call by name can only be of that function', async () => {
  const body = { ...REQUIRED, tool_choice: { type: 'function', function: { name: 'show' } } };
  const { made } = await askForCall(inOrder(text, json('show', { count: 3 })), body);
  expect(made).toEqual({ type: 'function', function: { name: 'show', arguments: '{"count":3}' } });
  expect(JSON.stringify(formatOf(gateway.upstream.requests[1]!)!.schema)).not.toContain('place');
});

it.each([
  ['as a strict schema', SHOW, '{"count": 12345678901234567890}', '{"count":12345678901234567890}'],
  ['in words', SET, '{"a": 12345678901234567890, "b": 1.0}', '{"a":12345678901234567890,"b":1.0}'],
])('large numbers come in full from a tool that was asked for %s', async (_, tool, args, expected) => {
  const name = (tool as { function: { name: string } }).function.name;
  const answer = say(`{"call": {"name": "${name}", "arguments": ${args}}}`);
  const { made } = await askForCall(inOrder(text, answer), { ...REQUIRED, tools: [tool] });
  expect(made).toMatchObject({ function: { name, arguments: expected } });
});

it('a custom tool is called with its text', async () => {
  const { made } = await askForCall(inOrder(text, json('draw', { input: 'a "line"\n' })), REQUIRED);
  expect(made).toEqual({ type: 'custom', custom: { name: 'draw', input: 'a "line"\n' } });
});

it('a legacy function is called as one', async () => {
  gateway.upstream.use(inOrder(text, json('look', { place: 'here', zoom: 2 })));
  const functions = [(LOOK as { function: object }).function];
  const { message, finishReason } = await askWithTools(gateway, {
    model: 'gpt-5.5',
    messages,
    functions,
    function_call: { name: 'look' },
  });
  expect([message.function_call, finishReason]).toEqual([
    { name: 'look', arguments: '{"place":"here","zoom":2}' },
    'function_call',
  ]);
});

it('a tool without parameters is called without arguments', async () => {
  const body = { messages, tools: [functionTool('go')], tool_choice: 'required' };
  const { made } = await askForCall(inOrder(text, json('go', {})), body);
  expect(made).toMatchObject({ function: { name: 'go', arguments: '{}' } });
});

it('a tool with an alias is called by its own name', async () => {
  const body = { messages, tools: [functionTool('exec_command')], tool_choice: 'required' };
  const { made } = await askForCall(inOrder(text, json('exec_command', {})), body);
  expect(made).toMatchObject({ function: { name: 'exec_command' } });
});

it('a function that no strict schema can express is described in words', async () => {
  const body = { messages, tools: [SET], tool_choice: 'required' };
  const fenced = say('```json\n{"call": {"name": "set", "arguments": {"a": 1}}}\n```');
  const { made, adjusted } = await askForCall(inOrder(text, fenced), body);
  expect(made).toMatchObject({ function: { name: 'set', arguments: '{"a":1}' } });
  expect(adjusted).toBe('tool_choice=required->instructed');
  expect(formatOf(gateway.upstream.requests[1]!)).toBeUndefined();
  expect(told(1)).toContain('additionalProperties');
});

const WRONG: [what: string, script: Script, problem: string][] = [
  ['no JSON', say('Sorry.'), 'not the JSON of a call'],
  ['a function that is not there', json('other', {}), 'not the JSON of a call'],
  ['arguments that do not fit', json('set', { a: 'one' }), "'a' must be integer"],
];

describe.each(WRONG)('a second answer with %s', (_what, wrong, problem) => {
  const body = { messages, tools: [SET], tool_choice: 'required' };

  it('is repaired', async () => {
    const { made, adjusted, usage } = await askForCall(inOrder(text, wrong, json('set', { a: 1 })), body);
    expect(made).toMatchObject({ function: { name: 'set', arguments: '{"a":1}' } });
    expect(adjusted).toBe('tool_choice=required->instructed, tool_choice=answer->repaired');
    expect(usage).toMatchObject({ total_tokens: 54 });
    expect(told(2)).toContain(problem);
  });

  it('gets a 502 when it is wrong again', async () => {
    gateway.upstream.use(inOrder(text, wrong));
    const { status, error } = await askWithTools(gateway, { model: 'gpt-5.5', ...body });
    expect([status, error?.code]).toEqual([502, 'invalid_answer']);
    expect(gateway.upstream.requests).toHaveLength(3);
  });
});

it.each(WAYS)('JSON of a call that was too long does not reach the caller as text, %s', async (way) => {
  gateway.upstream.use(inOrder(text, sayUntil('max_output_tokens', '{"call":{"name":"lo')));
  const { message, finishReason, usage } = await askWithTools(
    gateway,
    { model: 'gpt-5.5', ...REQUIRED },
    way,
  );
  expect([message.content, message.tool_calls, finishReason]).toEqual(['', undefined, 'length']);
  expect(usage).toMatchObject({ estimated: true });
});

it('stop sequences do not end a call that is required', async () => {
  const script = inOrder(say('Calling tools: none'), json('look', { place: 'Calling tools:', zoom: null }));
  const { made } = await askForCall(script, { ...REQUIRED, stop: ['Calling tools:', '"call"'] });
  expect(made).toMatchObject({ function: { name: 'look', arguments: '{"place":"Calling tools:"}' } });
});

it.each(WAYS)('a text before a required call ends before its stop sequence, %s', async (way) => {
  gateway.upstream.use((_request, response) => {
    startMessage(response, 'I look. Ca', 'lling: look');
    sendMessageDone(response, 'I look. Calling: look');
    sendCalls(response, [{ name: 'show', arguments: '{}' }]);
    sendCompleted(response);
  });
  const body = { model: 'gpt-5.5', ...REQUIRED, stop: 'Calling:' };
  const { message, finishReason } = await askWithTools(gateway, body, way);
  expect(message).toMatchObject({ content: 'I look. ', tool_calls: [{ function: { name: 'show' } }] });
  expect(finishReason).toBe('tool_calls');
});

it.each(WAYS)('omits citations of omitted text, %s', async (way) => {
  const annotation = {
    type: 'url_citation',
    start_index: 0,
    end_index: 4,
    url: 'https://a.example/',
    title: 'A',
  };
  const talk = { type: 'output_text', text: 'Here it is.', annotations: [annotation] };
  const cited = sendItem({ type: 'message', role: 'assistant', id: 'msg_1', content: [talk] });
  const body = { model: 'gpt-5.5', ...REQUIRED, web_search_options: {} };

  gateway.upstream.use(cited);
  const free = await askWithTools(gateway, { ...body, tool_choice: 'auto' }, way);
  expect(free.message).toMatchObject({ content: 'Here it is.', annotations: [{ type: 'url_citation' }] });

  gateway.upstream.use(inOrder(cited, json('show', { count: 1 })));
  const { message } = await askWithTools(gateway, body, way);
  expect(message).toMatchObject({
    content: null,
    annotations: [],
    tool_calls: [{ function: { name: 'show' } }],
  });
});

it('a format does not keep the model from calling', async () => {
  const body = { ...REQUIRED, response_format: { type: 'json_object' } };
  const { made, adjusted } = await askForCall(call({ name: 'show', arguments: '{}' }), body);
  expect(made).toEqual({ type: 'function', function: { name: 'show', arguments: '{}' } });
  expect(adjusted).toBe('response_format=json_object->text');
  expect(told(0)).not.toContain('Answer with');
});

it('a strict format applies to the text beside a call, not to the call itself', async () => {
  const schema = { type: 'object', properties: {}, required: [], additionalProperties: false };
  const format = { type: 'json_schema', json_schema: { name: 'a', strict: true, schema } };
  const script = inOrder(text, json('show', { count: null }));
  const { made } = await askForCall(script, { ...REQUIRED, response_format: format });
  expect(made).toMatchObject({ function: { name: 'show' } });
  const [first, second] = gateway.upstream.requests.map((request) => formatOf(request)?.schema);
  expect(first).toEqual(schema);
  expect(JSON.stringify(second)).toContain('"call"');
});

it('a call is requested for each of several answers', async () => {
  gateway.upstream.use((request, response) =>
    (formatOf(request) ? json('show', { count: null }) : text)(request, response),
  );
  const response = await gateway.post({ model: 'gpt-5.5', ...REQUIRED, n: 2 });
  const { choices } = (await response.json()) as { choices: object[] };
  const message = { tool_calls: [{ id: GENERATED, function: { name: 'show', arguments: '{}' } }] };
  expect(choices).toMatchObject([{ message }, { message }]);
  expect(gateway.upstream.requests).toHaveLength(4);
});

it('a call of another tool than the required one is passed on, and the model is not asked again', async () => {
  const body = { ...REQUIRED, tool_choice: { type: 'function', function: { name: 'look' } } };
  const { made, adjusted } = await askForCall(onlyFirst(call({ name: 'show', arguments: '{}' })), body);
  expect(made).toMatchObject({ function: { name: 'show', arguments: '{}' } });
  expect(adjusted).toBeNull();
});

it('an enforced limit of tokens does not cut the JSON of a call', async () => {
  // A request that an earlier test left behind must not take the first answer.
  gateway.upstream.use((request, response) => {
    const script = formatOf(request) ? json('look', { place: 'here', zoom: null }) : say('No.');
    return script(request, response);
  });
  const answer = await askWithTools(gateway, { model: 'gpt-5.5', ...REQUIRED, max_tokens: 4 });
  expect(answer).toMatchObject({ finishReason: 'tool_calls', message: { content: null } });
});
