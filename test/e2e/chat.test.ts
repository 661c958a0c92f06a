import { describe, expect, it } from 'vitest';
import { say, sendCompleted, sendMessageDone, startMessage, startResponse } from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const HELLO = [{ role: 'user' as const, content: 'hello' }];

/** The conversation that the last request took upstream, as role and texts. */
function lastConversation(): unknown[] {
  return gateway.upstream.requests
    .at(-1)!
    .body.input.map(({ role, content }) => [role, content!.map((part) => part.text)]);
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('a chat completion by %s', (model) => {
  it('is answered as one object with the usage that the provider counted', async () => {
    gateway.upstream.use(say('Hello, ', 'world', '!'));
    const completion = await gateway.client.chat.completions.create({ model, messages: HELLO });
    expect(completion).toMatchObject({
      object: 'chat.completion',
      model,
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello, world!', refusal: null },
          finish_reason: 'stop',
          logprobs: null,
        },
      ],
      usage: {
        prompt_tokens: 11,
        completion_tokens: 7,
        total_tokens: 18,
        prompt_tokens_details: { cached_tokens: 3 },
        completion_tokens_details: { reasoning_tokens: 2 },
      },
    });
    expect(completion.id).toMatch(/^chatcmpl-/);
    expect(completion._request_id).toMatch(/^req_/);
    expect(Math.abs(completion.created - Date.now() / 1000)).toBeLessThan(60);
  });

  it('is streamed delta by delta', async () => {
    gateway.upstream.use(say('Hello, ', 'world', '!'));
    const stream = await gateway.client.chat.completions.create({ model, messages: HELLO, stream: true });
    const chunks = await Array.fromAsync(stream);
    expect(chunks.map((chunk) => chunk.choices[0]?.delta)).toEqual([
      { role: 'assistant', content: '', refusal: null },
      { content: 'Hello, ' },
      { content: 'world' },
      { content: '!' },
      {},
    ]);
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, null, null, null, 'stop']);
    expect(new Set(chunks.map((chunk) => `${chunk.id} ${chunk.created}`)).size).toBe(1);
    expect(new Set(chunks.map((chunk) => chunk.model))).toEqual(new Set([model]));
    expect(chunks.every((chunk) => !('usage' in chunk))).toBe(true);
  });
});

it('works with the streaming helper of the SDK', async () => {
  gateway.upstream.use(say('Hel', 'lo'));
  const stream = gateway.client.chat.completions.stream({ model: 'gpt-5.5', messages: HELLO });
  expect(await stream.finalContent()).toBe('Hello');
});

it('sends the usage in one more chunk when asked to', async () => {
  gateway.upstream.use(say('Hi'));
  const stream = await gateway.client.chat.completions.create({
    model: 'gpt-5.5',
    messages: HELLO,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = await Array.fromAsync(stream);
  expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens: 11, total_tokens: 18 } });
});

it('omits the usage when the provider did not count', async () => {
  gateway.upstream.use((_request, response) => {
    startResponse(response);
    sendMessageDone(response, 'Hi');
    sendCompleted(response, null);
  });
  const completion = await gateway.client.chat.completions.create({ model: 'gpt-5.5', messages: HELLO });
  expect(completion).not.toHaveProperty('usage');
});

it('sends the complete text of a message that came without deltas, or with only some of them', async () => {
  gateway.upstream.use((_request, response) => {
    startMessage(response, 'one ');
    sendMessageDone(response, 'one two');
    sendCompleted(response);
  });
  const completion = await gateway.client.chat.completions.create({ model: 'gpt-6-sol', messages: HELLO });
  expect(completion.choices[0]!.message.content).toBe('one two');
});

it('answers an empty answer with empty content', async () => {
  gateway.upstream.use((_request, response) => {
    startResponse(response);
    sendCompleted(response, { input_tokens: 3, output_tokens: 0, total_tokens: 3 });
  });
  const completion = await gateway.client.chat.completions.create({ model: 'gpt-6-sol', messages: HELLO });
  expect(completion.choices[0]).toMatchObject({ message: { content: '' }, finish_reason: 'stop' });
});

it('sends the complete history upstream in order, with system messages as developer messages', async () => {
  await gateway.client.chat.completions.create({
    model: 'gpt-6-sol',
    messages: [
      { role: 'system', content: 'one' },
      { role: 'developer', content: [{ type: 'text', text: 'two' }] },
      { role: 'user', content: 'three' },
      { role: 'assistant', content: 'four' },
      { role: 'system', content: 'five' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'six' },
          { type: 'text', text: 'seven' },
        ],
      },
    ],
  });
  expect(lastConversation()).toEqual([
    ['developer', ['one']],
    ['developer', ['two']],
    ['user', ['three']],
    ['assistant', ['four']],
    ['developer', ['five']],
    ['user', ['six', 'seven']],
  ]);
});

it.each([
  [
    'two user messages in a row',
    [
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
    ],
  ],
  [
    'an assistant message last',
    [
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'b' },
    ],
  ],
  ['a system message alone', [{ role: 'system', content: 'a' }]],
  ['an empty text', [{ role: 'user', content: '' }]],
  [
    'text that looks like markup of Codex',
    [{ role: 'user', content: '<environment_context>x</environment_context>' }],
  ],
] as const)('accepts %s', async (_name, messages) => {
  await gateway.client.chat.completions.create({ model: 'gpt-6-sol', messages: [...messages] });
  const expected = messages.map(({ role, content }) => [role === 'system' ? 'developer' : role, [content]]);
  expect(lastConversation()).toEqual(expected);
});

it('accepts its own answers as history, including empty and refused ones', async () => {
  gateway.upstream.use(say('Hello'));
  const { choices } = await gateway.client.chat.completions.create({ model: 'gpt-6-sol', messages: HELLO });
  await gateway.client.chat.completions.create({
    model: 'gpt-6-sol',
    messages: [
      ...HELLO,
      choices[0]!.message,
      { role: 'assistant', content: null },
      { role: 'assistant', refusal: 'no' },
      ...HELLO,
    ],
  });
  expect(lastConversation()).toEqual([
    ['user', ['hello']],
    ['assistant', ['Hello']],
    ['assistant', ['']],
    ['assistant', ['no']],
    ['user', ['hello']],
  ]);
});

it('replaces lone surrogates, which the app-server never answers', async () => {
  const body = String.raw`{"model":"gpt-6-sol","messages":[{"role":"user","content":"a\ud800b \\ud800 \ud83d\ude00"}]}`;
  expect((await gateway.post(body)).status).toBe(200);
  expect(lastConversation()).toEqual([['user', [`a\ufffdb \\ud800 \u{1f600}`]]]);
});

it('accepts a history far larger than the window at which Codex compacts', async () => {
  const long = 'word '.repeat(600_000);
  await gateway.client.chat.completions.create({
    model: 'gpt-6-sol',
    messages: [{ role: 'user', content: long }, { role: 'assistant', content: 'ok' }, ...HELLO],
  });
  expect(lastConversation()).toEqual([
    ['user', [long]],
    ['assistant', ['ok']],
    ['user', ['hello']],
  ]);
});

it('accepts a history of a thousand messages', async () => {
  const messages = Array.from({ length: 1000 }, (_, index) => ({
    role: 'user' as const,
    content: `m${index}`,
  }));
  await gateway.client.chat.completions.create({ model: 'gpt-5.5', messages });
  expect(lastConversation()).toEqual(messages.map(({ role, content }) => [role, [content]]));
});
