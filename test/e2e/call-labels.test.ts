import { beforeEach, describe, expect, it } from 'vitest';
import { askResponse } from '../support/ask-response.ts';
import { ask } from '../support/ask.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
beforeEach(() => gateway.upstream.use(say('Done.')));

const LONG = 'call_'.padEnd(100, 'x');
const user = { role: 'user', content: 'Look.' };
const chatRound = (id: string, name: string) => [
  user,
  { role: 'assistant', tool_calls: [{ id, type: 'function', function: { name, arguments: '{}' } }] },
  { role: 'tool', tool_call_id: id, content: 'none' },
];
const round = (id: string, name: string, kind = 'function_call') => [
  user,
  { type: kind, call_id: id, name, ...(kind === 'function_call' ? { arguments: '{}' } : { input: 'x' }) },
  { type: `${kind}_output`, call_id: id, output: 'none' },
];

/** Ids and names of the calls that went upstream, and the ids of their results. */
function sentLabels() {
  const { input } = gateway.upstream.requests.at(-1)!.body;
  const linked = input.filter(({ call_id: id }) => id !== undefined);
  return {
    calls: linked.filter(({ name }) => name !== undefined).map(({ call_id: id }) => id),
    names: linked.flatMap(({ name }) => name ?? []),
    results: linked.filter(({ output }) => output !== undefined).map(({ call_id: id }) => id),
  };
}

const REFUSED_UPSTREAM: [what: string, id: string, name: string][] = [
  ['a long id', LONG, 'look'],
  ['an empty id', '', 'look'],
  ['an id with half of a surrogate pair', 'call_\ud800', 'look'],
  ['a name with a dot and a slash', 'a', 'mcp.server/tool'],
  ['a name with a blank', 'a', 'my tool'],
  ['a long name', 'a', 'n'.repeat(100)],
  ['a name with half of a surrogate pair', 'a', 'look_\ud800'],
];

describe.each(['gpt-5.5', 'gpt-6-sol'])(
  'an earlier call with a label that providers refuse, on %s',
  (model) => {
    it.each(REFUSED_UPSTREAM)(
      'is sent upstream with a valid label from chat completions: %s',
      async (_what, id, name) => {
        const told = await ask(gateway, 'whole', { model, messages: chatRound(id, name) });
        expect(told.status).toBe(200);
        const { calls, names, results } = sentLabels();
        expect(results).toEqual(calls);
        expect([...calls, ...names].every((label) => /^[\w-]{1,64}$/.test(label!))).toBe(true);
        const field = `messages[1].tool_calls[0].${name === 'look' ? 'id' : 'function.name'}`;
        expect(told.adjusted).toMatch(new RegExp(`^${field.replaceAll(/[.[\]]/g, '\\$&')}=\\S*->[\\w-]+$`));
      },
    );

    it.each(REFUSED_UPSTREAM)(
      'is sent upstream with a valid label from the Responses API: %s',
      async (_what, id, name) => {
        for (const kind of ['function_call', 'custom_tool_call']) {
          const input = round(id, name, kind);
          const { status, headers } = await askResponse(gateway, { model, input });
          expect(status).toBe(200);
          const { calls, names, results } = sentLabels();
          expect(results).toEqual(calls);
          expect([...calls, ...names].every((label) => /^[\w-]{1,64}$/.test(label!))).toBe(true);
          const field = name === 'look' ? 'call_id' : 'name';
          expect(headers.get('x-codex-gateway-adjusted')).toMatch(`input[1].${field}=`);
        }
      },
    );
  },
);

it('long ids that share their first 64 characters stay different', async () => {
  const ids = ['a', 'b'].map((end) => LONG + end);
  const messages = ids.flatMap((id) => chatRound(id, 'look'));
  expect((await ask(gateway, 'whole', { messages })).status).toBe(200);
  const { calls, results } = sentLabels();
  expect(new Set(calls).size).toBe(2);
  expect(results).toEqual(calls);
});

/** Texts that become one as soon as they are encoded: half of a surrogate pair has no form in UTF-8. */
const HALVES = ['\ud800', '\ud801', '\udc00', '\ufffd'];

it('parallel calls whose ids differ only in lone surrogates keep their own results in chat completions', async () => {
  const calls = HALVES.map((id) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } }));
  const results = HALVES.map((id, place) => ({ role: 'tool', tool_call_id: id, content: `result ${place}` }));
  const messages = [user, { role: 'assistant', tool_calls: calls }, ...results.toReversed()];
  expect((await ask(gateway, 'whole', { messages })).status).toBe(200);
  expectOwnResults();
});

it.each(['function_call', 'custom_tool_call'])(
  'parallel calls whose ids differ only in lone surrogates keep their own results in the Responses API: %s',
  async (kind) => {
    const rounds = HALVES.map((id) => round(id, 'look', kind));
    const calls = rounds.map(([, call]) => call!);
    const results = rounds.map(([, , result], place) => ({ ...result, output: `result ${place}` }));
    const { status } = await askResponse(gateway, { input: [user, ...calls, ...results.toReversed()] });
    expect(status).toBe(200);
    expectOwnResults();
  },
);

function expectOwnResults(): void {
  const { input } = gateway.upstream.requests.at(-1)!.body;
  const { calls } = sentLabels();
  expect(new Set(calls).size).toBe(HALVES.length);
  const outputs = calls.map((call) => input.find(({ call_id: id, output }) => id === call && output)?.output);
  expect(outputs).toEqual(HALVES.map((_half, place) => `result ${place}`));
}

it('names of earlier calls that differ only in lone surrogates stay different', async () => {
  const input = HALVES.slice(0, 2).flatMap((name, place) => round(`call_${place}`, name));
  expect((await askResponse(gateway, { input })).status).toBe(200);
  expect(new Set(sentLabels().names).size).toBe(2);
});

it('empty and long ids may be repeated in later rounds', async () => {
  const messages = ['', LONG, '', LONG].flatMap((id) => chatRound(id, 'look'));
  expect((await ask(gateway, 'whole', { messages })).status).toBe(200);
  const { calls, results } = sentLabels();
  expect(new Set(calls).size).toBe(4);
  expect(results).toEqual(calls);
  expect(calls.every((id) => id!.length <= 64)).toBe(true);
});

it('a tool search and reasoning with long ids are sent upstream with valid ids', async () => {
  const search = { type: 'tool_search_call', call_id: LONG, execution: 'client', arguments: { query: 'x' } };
  const found = { type: 'tool_search_output', call_id: LONG, execution: 'client', tools: [] };
  const reasoning = { type: 'reasoning', id: `rs_${LONG}`, summary: [], encrypted_content: 'sealed' };
  const tools = [{ type: 'tool_search', execution: 'client', description: 'Finds tools.', parameters: {} }];
  const { status } = await askResponse(gateway, { input: [user, reasoning, search, found], tools });
  expect(status).toBe(200);
  const { input } = gateway.upstream.requests.at(-1)!.body;
  const ids = input.flatMap(({ type, ...item }) => {
    if (type === 'reasoning') return [(item as { id: string }).id];
    return item.call_id === undefined ? [] : [item.call_id];
  });
  expect(ids).toHaveLength(3);
  expect(ids[0]).toMatch(/^rs_\w{16}$/);
  expect(ids[1]).toBe(ids[2]);
  expect(ids[1]!.length).toBeLessThanOrEqual(64);
});

it('stored items keep the caller’s ids and names', async () => {
  const input = round(LONG, 'my tool');
  const { response } = await askResponse(gateway, { input });
  const { data } = await gateway.client.responses.inputItems.list(response!.id, { order: 'asc' });
  expect(data[1]).toMatchObject({ call_id: LONG, name: 'my tool' });
  const next = await askResponse(gateway, { previous_response_id: response!.id, input: 'Well?' });
  expect([next.status, next.headers.get('x-codex-gateway-adjusted')]).toEqual([200, null]);
  expect(sentLabels().names).toEqual(['my_tool']);
});

it('the namespace of a tool is sent upstream with a valid name', async () => {
  const call = { type: 'function_call', call_id: 'a', name: 'read', namespace: 'my.files', arguments: '{}' };
  const input = [user, call, { type: 'function_call_output', call_id: 'a', output: 'x' }];
  const { headers } = await askResponse(gateway, { input });
  expect(headers.get('x-codex-gateway-adjusted')).toBe('input[1].namespace=my.files->my_files');
  expect(gateway.upstream.requests.at(-1)!.body.input[1]).toMatchObject({ namespace: 'my_files' });
});

describe('a label that cannot be made valid', () => {
  const calls = (...ids: string[]) => ({
    role: 'assistant',
    tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } })),
  });
  const result = { role: 'tool', tool_call_id: '', content: 'none' };
  const noName = { name: '', arguments: '{}' };

  it.each<[string, object[], string]>([
    ['an empty name', chatRound('a', ''), 'messages[1].tool_calls[0].function.name'],
    [
      'an empty name of a custom call',
      [
        user,
        { role: 'assistant', tool_calls: [{ id: 'a', type: 'custom', custom: { name: '', input: '' } }] },
      ],
      'messages[1].tool_calls[0].custom.name',
    ],
    [
      'an empty name of a legacy call',
      [user, { role: 'assistant', function_call: noName }, { role: 'function', name: '', content: 'x' }],
      'messages[1].function_call.name',
    ],
    ['one empty id for two calls', [user, calls('', ''), result, result], 'messages[1]'],
    ['one long id for two calls', [user, calls(LONG, LONG), result, result], 'messages[1]'],
  ])('is refused with a 400 that names its field in chat completions: %s', async (_what, messages, param) => {
    const { status, error } = await ask(gateway, 'whole', { messages });
    expect([status, error?.param]).toEqual([400, param]);
    expect(gateway.upstream.requests).toEqual([]);
  });

  it.each<[string, object[], string]>([
    ['an empty name', round('a', ''), 'input[1].name'],
    ['an empty name of a custom call', round('a', '', 'custom_tool_call'), 'input[1].name'],
    [
      'one empty id for two calls',
      [user, round('', 'look')[1]!, round('', 'look')[1]!, round('', 'look')[2]!],
      'input[2]',
    ],
  ])('is refused with a 400 that names its field in the Responses API: %s', async (_what, input, param) => {
    const { status, error } = await askResponse(gateway, { input });
    expect([status, error?.param]).toEqual([400, param]);
    expect(gateway.upstream.requests).toEqual([]);
  });
});
