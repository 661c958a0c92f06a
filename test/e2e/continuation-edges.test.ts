import type { ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { beforeEach, describe, expect, it } from 'vitest';
import { childrenOf } from '../support/process.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { dataUrl, SMALL } from '../support/images.ts';
import { inOrder, sayInPhases, sayUntil } from '../support/upstream-answers.ts';
import { call } from '../support/upstream-tools.ts';
import { failWith, say, stall } from '../support/upstream.ts';
import { useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useTestGateway();

type Message = ChatCompletionMessageParam;
interface Reply {
  readonly choices: readonly { readonly message: Message; readonly finish_reason: string }[];
  readonly usage: { readonly prompt_tokens: number };
  readonly error?: { readonly code: string };
}

const TOOLS = [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }];
const user = (content: Message['content']) => ({ role: 'user', content }) as Message;
const result = (id: string, content: unknown = `saw ${id}`) =>
  ({ role: 'tool', tool_call_id: id, content }) as Message;

async function ask(messages: readonly Message[], further: object = {}, on: TestGateway = gateway) {
  const response = await on.post({ model: 'gpt-5.5', messages, ...further });
  const { headers, status } = response;
  const { choices, usage, error } = (await response.json()) as Reply;
  return { status, headers, usage, code: error?.code, message: choices?.[0]?.message as Message };
}

/** Texts and outputs of the last request upstream, and whether it came from the thread of the first one. */
function lastSeen(on: TestGateway = gateway) {
  const { requests } = on.upstream;
  const { body } = requests.at(-1)!;
  const said = body.input.map(({ content, output, type }) =>
    content
      ? content.map(({ text }) => text ?? 'image').join('+')
      : typeof output === 'string'
        ? output
        : type,
  );
  return { said, isContinued: body.prompt_cache_key === requests[0]!.body.prompt_cache_key };
}

/** Asks a first question; returns the conversation with its answer. */
async function begin(further: object = {}, first = user('Begin.')): Promise<Message[]> {
  const { message } = await ask([first], further);
  return [first, message];
}

beforeEach(() => gateway.upstream.use(say('Fine.')));

describe('a request takes a thread of its own', () => {
  it.each<[string, object]>([
    ['with another model', { model: 'gpt-6-sol' }],
    ['with tools', { tools: TOOLS }],
    ['with another effort', { reasoning_effort: 'high' }],
    ['with another verbosity', { verbosity: 'low' }],
    ['with another service tier', { service_tier: 'priority' }],
    ['with a schema', { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {} } } }],
    ['with several answers', { n: 2 }],
  ])('%s', async (_what, settings) => {
    const conversation = await begin();
    await ask([...conversation, user('Go on.')], settings);
    expect(lastSeen()).toMatchObject({ isContinued: false });
    expect(lastSeen().said.slice(0, 3)).toEqual(['Begin.', 'Fine.', 'Go on.']);
  });

  it('after an edit, as a branch, and as a repetition', async () => {
    const [first, answer] = (await begin()) as [Message, Message];
    await ask([user('Begun.'), answer, user('Go on.')]);
    expect(lastSeen()).toEqual({ said: ['Begun.', 'Fine.', 'Go on.'], isContinued: false });
    await ask([first, answer, user('Go on.')]);
    expect(lastSeen()).toEqual({ said: ['Begin.', 'Fine.', 'Go on.'], isContinued: true });
    await ask([first, answer, user('Stop.')]);
    expect(lastSeen()).toEqual({ said: ['Begin.', 'Fine.', 'Stop.'], isContinued: false });
    await ask([first]);
    expect(lastSeen()).toEqual({ said: ['Begin.'], isContinued: false });
  });

  it('if it comes twice at once: the first one continues', async () => {
    const messages = [...(await begin()), user('Go on.')];
    await Promise.all([ask(messages), ask(messages), ask(messages)]);
    const [first, ...others] = gateway.upstream.requests.map(({ body }) => body.prompt_cache_key);
    expect(others.filter((key) => key === first)).toHaveLength(1);
    expect(lastSeen().said).toEqual(['Begin.', 'Fine.', 'Go on.']);
  });

  it('after an answer that was cut', async () => {
    const stop = { stop: ['ne'] };
    const conversation = await begin(stop);
    await ask([...conversation, user('Go on.')], stop);
    expect(lastSeen()).toEqual({ said: ['Begin.', 'Fi', 'Go on.'], isContinued: false });
    gateway.upstream.requests.length = 0;
    gateway.upstream.use(inOrder(sayUntil('max_output_tokens', 'Half'), say('Fine.')));
    const half = await begin();
    await ask([...half, user('Go on.')]);
    expect(lastSeen()).toEqual({ said: ['Begin.', 'Half', 'Go on.'], isContinued: false });
  });

  it('after an answer in several messages, which a chat completion shows as one', async () => {
    gateway.upstream.use(sayInPhases(['commentary', 'I think.'], ['final_answer', 'Done.']));
    const conversation = await begin();
    gateway.upstream.use(say('Fine.'));
    await ask([...conversation, user('Go on.')]);
    expect(lastSeen().isContinued).toBe(false);
    expect(lastSeen().said).toHaveLength(3);
  });

  it('after an answer that its client left', async () => {
    const conversation = await begin();
    gateway.upstream.use(stall('Well,'));
    const controller = new AbortController();
    const messages = [...conversation, user('Go on.')];
    const body = { model: 'gpt-5.5', messages, stream: true };
    const { body: stream } = await gateway.post(body, { signal: controller.signal });
    await stream!.getReader().read();
    controller.abort();
    await gateway.upstream.requests.at(-1)!.aborted;
    gateway.upstream.use(say('Fine.'));
    await ask(messages);
    expect(lastSeen()).toEqual({ said: ['Begin.', 'Fine.', 'Go on.'], isContinued: false });
  });
});

describe('a request that continues an earlier one', () => {
  it('fails as any other does, and the next one takes a thread of its own', async () => {
    const conversation = await begin();
    gateway.upstream.use(failWith(429, 'rate_limit_exceeded'));
    const messages = [...conversation, user('Go on.')];
    const failed = await ask(messages);
    expect([failed.status, lastSeen().isContinued]).toEqual([429, true]);
    const other = await ask([user('Other.')]);
    expect([other.status, other.code, other.headers.get('retry-after')]).toEqual([
      failed.status,
      failed.code,
      failed.headers.get('retry-after'),
    ]);
    gateway.upstream.use(say('Fine.'));
    expect((await ask(messages)).status).toBe(200);
    expect(lastSeen()).toEqual({ said: ['Begin.', 'Fine.', 'Go on.'], isContinued: false });
  });

  it('has only its own tokens in its usage, and says in the log that it continues', async () => {
    const conversation = await begin();
    const { usage } = await ask([...conversation, user('Go on.')]);
    expect(usage.prompt_tokens).toBe(11);
    const lines = gateway.log.lines.filter((line) => line.includes(' request ')).slice(-2);
    expect(lines.map((line) => line.includes('"continued":true'))).toEqual([false, true]);
  });

  it('reports the adjustments of earlier images again', async () => {
    const image = { type: 'image_url', image_url: { url: dataUrl(SMALL.png), detail: 'low' } };
    const first = user([image, { type: 'text', text: 'What is it?' }] as Message['content']);
    const one = await ask([first]);
    const two = await ask([first, one.message, user('Sure?')]);
    expect(lastSeen()).toEqual({ said: ['image+What is it?', 'Fine.', 'Sure?'], isContinued: true });
    const adjusted = one.headers.get('x-codex-gateway-adjusted');
    expect(adjusted).toContain('original');
    expect(two.headers.get('x-codex-gateway-adjusted')).toBe(adjusted);
    await ask([first, one.message, user('Sure?'), two.message, user([image] as Message['content'])]);
    expect(lastSeen().isContinued).toBe(true);
    expect(lastSeen().said.at(-1)).toBe('image');
  });

  it('does not continue a thread with an image that Codex has encoded anew', async () => {
    const image = { type: 'image_url', image_url: { url: dataUrl(SMALL.gif) } };
    const conversation = await begin({}, user([image] as Message['content']));
    const { headers } = await ask([...conversation, user('Sure?')]);
    expect(lastSeen()).toEqual({ said: ['image', 'Fine.', 'Sure?'], isContinued: false });
    expect(headers.get('x-codex-gateway-adjusted')).toContain('re-encoded');
  });
});

describe('a tool loop', () => {
  const beginLoop = async (...args: readonly object[]) => {
    gateway.upstream.use(call(...args.map((one) => ({ name: 'look', arguments: one }))));
    const conversation = await begin({ tools: TOOLS });
    gateway.upstream.use(say('Fine.'));
    return conversation;
  };
  const goOn = async (messages: readonly Message[]) => await ask(messages, { tools: TOOLS });

  it('goes on in its turn when each call has its result', async () => {
    const conversation = await beginLoop({ at: 1 }, { at: 2 });
    await goOn([...conversation, result('call_1', ''), result('call_2', [{ type: 'text', text: 'b' }])]);
    expect(lastSeen()).toEqual({
      said: ['Begin.', 'function_call', 'function_call', '', 'b'],
      isContinued: true,
    });
  });

  it.each<[string, readonly Message[]]>([
    ['in another order', [result('call_2'), result('call_1')]],
    ['with a message after them', [result('call_1'), result('call_2'), user('Hurry.')]],
    [
      'with an image',
      [result('call_1'), result('call_2', [{ type: 'image_url', image_url: { url: dataUrl(SMALL.png) } }])],
    ],
  ])('takes a thread of its own for results %s', async (_what, results) => {
    const conversation = await beginLoop({ at: 1 }, { at: 2 });
    expect((await goOn([...conversation, ...results])).status).toBe(200);
    expect(lastSeen().isContinued).toBe(false);
    expect(gateway.upstream.requests).toHaveLength(2);
  });

  it('is refused as ever if a result is missing, and can still go on', async () => {
    const conversation = await beginLoop({ at: 1 }, { at: 2 });
    expect((await goOn([...conversation, result('call_1')])).status).toBe(400);
    await goOn([...conversation, result('call_1'), result('call_2')]);
    expect(lastSeen().isContinued).toBe(true);
  });

  it('does not go on with a call that Codex has answered itself', async () => {
    gateway.upstream.use(
      inOrder(call({ name: 'nobody', arguments: {} }, { name: 'look', arguments: {} }), say('Fine.')),
    );
    const conversation = await begin({ tools: TOOLS });
    await goOn([...conversation, result('call_1'), result('call_2')]);
    expect(lastSeen()).toEqual({
      said: ['Begin.', 'function_call', 'function_call', 'saw call_1', 'saw call_2'],
      isContinued: false,
    });
  });

  it('ends after its first call where only one is allowed at a time', async () => {
    gateway.upstream.use(
      inOrder(call({ name: 'look', arguments: {} }, { name: 'look', arguments: {} }), say('Fine.')),
    );
    const single = { tools: TOOLS, parallel_tool_calls: false };
    const conversation = await begin(single);
    await ask([...conversation, result('call_1')], single);
    expect(lastSeen()).toEqual({ said: ['Begin.', 'function_call', 'saw call_1'], isContinued: false });
  });

  it('fails after its results as any other request does, and the next one takes a thread of its own', async () => {
    const conversation = await beginLoop({ at: 1 });
    gateway.upstream.use(failWith(429, 'rate_limit_exceeded'));
    const messages = [...conversation, result('call_1')];
    const failed = await goOn(messages);
    expect([failed.status, lastSeen().isContinued]).toEqual([429, true]);
    const other = await goOn([user('Other.')]);
    expect([other.status, other.code]).toEqual([failed.status, failed.code]);
    gateway.upstream.use(say('Fine.'));
    expect((await goOn(messages)).status).toBe(200);
    expect(lastSeen()).toEqual({ said: ['Begin.', 'function_call', 'saw call_1'], isContinued: false });
  });

  it('calls again and again in one turn, and goes on with a question after that', async () => {
    let conversation = await beginLoop({ at: 0 });
    for (let round = 1; round <= 3; round += 1) {
      gateway.upstream.use(round < 3 ? call({ name: 'look', arguments: { at: round } }) : say('Fine.'));
      const results = [...conversation, result(`call_${round}`)];
      conversation = [...results, (await goOn(results)).message];
    }
    await goOn([...conversation, user('And now?')]);
    expect(lastSeen().isContinued).toBe(true);
    expect(lastSeen().said).toEqual([
      'Begin.',
      ...[1, 2, 3].flatMap((round) => ['function_call', `saw call_${round}`]),
      'Fine.',
      'And now?',
    ]);
  });
});

describe('a turn that waits for the results of its calls', () => {
  it('takes no place from others, and ends when its gateway stops', async () => {
    const own = await startTestGateway({ config: { limits: { running: 1, waiting: 0 } } });
    try {
      own.upstream.use(call({ name: 'look', arguments: {} }));
      for (let turn = 0; turn < 3; turn += 1) {
        const { message } = await ask([user(`Begin ${turn}.`)], { tools: TOOLS }, own);
        expect(message).toMatchObject({ tool_calls: [{ id: 'call_1' }] });
      }
      expect(own.running.running()).toBe(0);
    } finally {
      await own.close();
    }
    expect(childrenOf(process.pid, 'app-server').length).toBeLessThan(2);
  });

  it('is forgotten when its app-server has ended', async () => {
    const before = new Set(childrenOf(process.pid, 'app-server'));
    const own = await startTestGateway();
    // Another one, which makes the databases for later starts, may run beside it for a while.
    const ended = childrenOf(process.pid, 'app-server').find((pid) => !before.has(pid))!;
    try {
      own.upstream.use(call({ name: 'look', arguments: {} }));
      const first = user('Begin.');
      const { message } = await ask([first], { tools: TOOLS }, own);
      own.upstream.use(say('Fine.'));
      process.kill(ended, 'SIGKILL');
      await expect.poll(() => childrenOf(process.pid, 'app-server').includes(ended)).toBe(false);
      const { status } = await ask([first, message, result('call_1')], { tools: TOOLS }, own);
      expect([status, lastSeen(own).isContinued]).toEqual([200, false]);
    } finally {
      await own.close();
    }
  });
});

it('with `continuation: false`, each request has a thread of its own', async () => {
  const own = await startTestGateway({ config: { continuation: false } });
  try {
    own.upstream.use(say('Fine.'));
    const { message } = await ask([user('Begin.')], {}, own);
    await ask([user('Begin.'), message, user('Go on.')], {}, own);
    expect(lastSeen(own)).toEqual({ said: ['Begin.', 'Fine.', 'Go on.'], isContinued: false });
  } finally {
    await own.close();
  }
});
