import { beforeAll, describe, expect, it } from 'vitest';
import { askWithTools, functionTool } from '../support/ask-with-tools.ts';
import { dataUrl, SMALL } from '../support/images.ts';
import { say } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
beforeAll(() => gateway.upstream.use(say('Done.')));

const tools = [functionTool('look')];
const user = { role: 'user', content: 'Look.' };
const calls = (...ids: string[]) => ({
  role: 'assistant',
  tool_calls: ids.map((id) => ({ id, type: 'function', function: { name: 'look', arguments: '{}' } })),
});
const result = (id: string, content: unknown = 'nothing') => ({ role: 'tool', tool_call_id: id, content });

describe.each(['gpt-5.5', 'gpt-6-sol'])('results for %s', (model) => {
  const image = { type: 'image_url', image_url: { url: dataUrl(SMALL.png, 'png') } };

  it.each<[string, unknown, unknown]>([
    ['a text', 'Five.', 'Five.'],
    ['an empty text', '', ''],
    ['one part', [{ type: 'text', text: 'Five.' }], 'Five.'],
    [
      'several parts',
      [
        { type: 'text', text: 'Five.' },
        { type: 'text', text: 'Six.' },
      ],
      [
        { type: 'input_text', text: 'Five.' },
        { type: 'input_text', text: 'Six.' },
      ],
    ],
    [
      'empty parts',
      [
        { type: 'text', text: '' },
        { type: 'text', text: '' },
      ],
      '',
    ],
    [
      'an image behind an empty text',
      [{ type: 'text', text: '' }, image],
      [{ type: 'input_image', image_url: image.image_url.url }],
    ],
    [
      'an image',
      [{ type: 'text', text: 'See:' }, image],
      [
        { type: 'input_text', text: 'See:' },
        { type: 'input_image', image_url: image.image_url.url },
      ],
    ],
  ])('are sent upstream: %s', async (_what, content, output) => {
    const history = [user, calls('a'), result('a', content)];
    const { message, headers } = await askWithTools(gateway, { model, messages: history, tools });
    expect([message.content, headers.get('x-codex-gateway-adjusted')]).toEqual(['Done.', null]);
    const sent = gateway.upstream.requests[0]!.body.input.find(({ type }) => type === 'function_call_output');
    expect(sent).toMatchObject({ call_id: 'a', output });
  });

  it('are sent upstream in another order than the calls, and for tools no longer offered', async () => {
    const history = [user, { ...calls('a', 'b'), content: 'I look.' }, result('b'), result('a'), user];
    const { message } = await askWithTools(gateway, { model, messages: history });
    expect(message.content).toBe('Done.');
    const { input } = gateway.upstream.requests[0]!.body;
    const kinds = input.map(({ type, role, call_id: id }) => role ?? `${type} ${id}`);
    expect(kinds.filter((kind) => kind !== 'undefined')).toEqual(
      expect.arrayContaining([
        'user',
        'assistant',
        'function_call a',
        'function_call b',
        'function_call_output b',
        'function_call_output a',
      ]),
    );
  });
});

const REFUSED: [what: string, messages: object[], param: string][] = [
  ['a result without any call', [user, result('a')], 'messages[1]'],
  ['a result of an unknown call', [user, calls('a'), result('a'), result('b')], 'messages[3]'],
  ['an unknown result before the known one', [user, calls('a'), result('b'), result('a')], 'messages[2]'],
  ['a result before its call', [user, result('a'), calls('a')], 'messages[1]'],
  ['one id for two calls', [user, calls('a', 'a'), result('a')], 'messages[1]'],
  [
    'the id of a call without a result',
    [user, calls('a', 'b'), result('b'), calls('a'), result('a')],
    'messages[3]',
  ],
  ['two results of a call', [user, calls('a'), result('a'), result('a')], 'messages[3]'],
  ['a call without a result', [user, calls('a')], 'messages[1]'],
  ['a call without a result among others', [user, calls('a', 'b'), result('a')], 'messages[1]'],
  ['a user between a call and its result', [user, calls('a'), user, result('a')], 'messages[1]'],
  [
    'an answer between results',
    [user, calls('a', 'b'), result('a'), { role: 'assistant', content: 'Well.' }, result('b')],
    'messages[1]',
  ],
  ['a result of no call id', [user, calls('a'), { role: 'tool', content: 'a' }], 'messages[2].tool_call_id'],
  [
    'a result without content',
    [user, calls('a'), { role: 'tool', tool_call_id: 'a' }],
    'messages[2].content',
  ],
  ['a result of no parts', [user, calls('a'), result('a', [])], 'messages[2].content'],
  [
    'a call without an id',
    [user, { role: 'assistant', tool_calls: [{ function: { name: 'look', arguments: '{}' } }] }],
    'messages[1].tool_calls[0]',
  ],
  [
    'arguments that are not text',
    [user, { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'look', arguments: {} } }] }],
    'messages[1].tool_calls[0]',
  ],
];

it.each(REFUSED)('refuses %s with a 400 that names the message', async (_what, messages, param) => {
  const { status, error } = await askWithTools(gateway, { model: 'gpt-5.5', messages, tools });
  expect([status, error?.param]).toEqual([400, param]);
  expect(gateway.upstream.requests).toEqual([]);
});
