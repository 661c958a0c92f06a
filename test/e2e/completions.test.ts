import { createParser } from 'eventsource-parser';
import type OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { sayReasoning } from '../support/upstream-answers.ts';
import {
  breakOff,
  refuse,
  say,
  sendCompleted,
  sendDelta,
  sendItem,
  sendMessageDone,
  sendMessageStart,
  stall,
  startMessage,
  startResponse,
  type Script,
  type UpstreamRequest,
} from '../support/upstream.ts';
import { useSharedGateway, useTestGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();
const restless = useTestGateway({
  config: { keepAlive: { comment: 0.02, heartbeat: 0.08 }, limits: { running: 3 }, maxTokens: 'enforce' },
});

const BODY = { model: 'gpt-5.5', prompt: 'hello' };
const USAGE = { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 };

const complete = (
  body: object,
  init: { headers?: Record<string, string>; signal?: AbortSignal } = {},
  asked = gateway,
) => asked.fetch('/v1/completions', { method: 'POST', body: JSON.stringify({ ...BODY, ...body }), ...init });

/** The data of all events. */
function readData(text: string): string[] {
  const data: string[] = [];
  createParser({ onEvent: (event) => data.push(event.data) }).feed(text);
  return data;
}

/** The chunks of a stream that ended well. */
function readChunks(text: string): OpenAI.Completion[] {
  const data = readData(text);
  expect(data.at(-1)).toBe('[DONE]');
  return data.slice(0, -1).map((one) => JSON.parse(one) as OpenAI.Completion);
}

async function errorOf(response: Response): Promise<object> {
  const { error } = (await response.json()) as { error: object };
  return { status: response.status, ...error };
}

/** Returns the question in a request to the provider. */
const questionOf = ({ body }: UpstreamRequest) => body.input.at(-1)!.content!.at(-1)!.text!;

/** Says back what was asked. */
const echo: Script = (request, response) => say('re: ', questionOf(request))(request, response);

describe.each(['gpt-5.5', 'gpt-6-sol'])('a completion of %s', (model) => {
  it('is answered as one text_completion object', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const response = await complete({ model });
    expect(await response.json()).toEqual({
      id: expect.stringMatching(/^cmpl-/),
      object: 'text_completion',
      created: expect.any(Number),
      model,
      choices: [{ text: 'Hello', index: 0, logprobs: null, finish_reason: 'stop' }],
      usage: expect.objectContaining(USAGE),
    });
    const [request] = gateway.upstream.requests;
    expect(request!.body.input.filter(({ role }) => role !== undefined)).toHaveLength(1);
    expect(request!.body.input.at(-1)).toMatchObject({ role: 'user', content: [{ text: 'hello' }] });
  });

  it('streams, with usage on request', async () => {
    gateway.upstream.use(say('Hel', 'lo'));
    const plain = readChunks(await (await complete({ model, stream: true })).text());
    expect(plain.map(({ choices }) => choices)).toEqual([
      [{ text: 'Hel', index: 0, logprobs: null, finish_reason: null }],
      [{ text: 'lo', index: 0, logprobs: null, finish_reason: null }],
      [{ text: '', index: 0, logprobs: null, finish_reason: 'stop' }],
    ]);
    expect(plain.every((chunk) => chunk.object === 'text_completion' && !('usage' in chunk))).toBe(true);
    expect(new Set(plain.map(({ id }) => id)).size).toBe(1);

    const options = { stream: true, stream_options: { include_usage: true } };
    const counted = readChunks(await (await complete({ model, ...options })).text());
    expect(counted.at(-1)).toMatchObject({ choices: [], usage: USAGE });
    expect(counted.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  });
});

describe('several prompts', () => {
  const PROMPTS = ['one', 'two', 'three'];

  it('run one turn each, with choices numbered prompt by prompt', async () => {
    gateway.upstream.use(echo);
    const answer = (await (await complete({ prompt: PROMPTS, n: 2 })).json()) as OpenAI.Completion;
    expect(answer.choices.map(({ index, text }) => [index, text])).toEqual([
      [0, 're: one'],
      [1, 're: one'],
      [2, 're: two'],
      [3, 're: two'],
      [4, 're: three'],
      [5, 're: three'],
    ]);
    expect(answer.usage).toMatchObject({ prompt_tokens: 66, completion_tokens: 42, total_tokens: 108 });
    expect(gateway.upstream.requests).toHaveLength(6);
  });

  it('stream side by side', async () => {
    const all = Promise.withResolvers<void>();
    let waiting = 0;
    gateway.upstream.use(async (request, response) => {
      startMessage(response, 're: ');
      waiting += 1;
      if (waiting === PROMPTS.length) all.resolve();
      await all.promise;
      sendDelta(response, questionOf(request));
      sendMessageDone(response, `re: ${questionOf(request)}`);
      sendCompleted(response);
    });
    const options = { stream: true, stream_options: { include_usage: true } };
    const chunks = readChunks(await (await complete({ prompt: PROMPTS, ...options })).text());
    const texts = PROMPTS.map(() => '');
    for (const { index, text } of chunks.flatMap(({ choices }) => choices)) texts[index] += text;
    expect(texts).toEqual(['re: one', 're: two', 're: three']);
    expect(chunks.at(-1)!.usage).toMatchObject({ total_tokens: 54 });
    expect(chunks.filter(({ choices }) => choices[0]?.finish_reason === 'stop')).toHaveLength(3);
  });

  it('fail with the status of the first failure, which aborts the others', async () => {
    const others = Promise.withResolvers<void>();
    let open = 0;
    gateway.upstream.use(async (request, response) => {
      if (questionOf(request) !== 'two') {
        startMessage(response);
        open += 1;
        if (open === 2) others.resolve();
        return;
      }
      await others.promise;
      await refuse(429, { error: { message: 'slow down', code: 'rate_limit_exceeded' } })(request, response);
    });
    expect((await complete({ prompt: PROMPTS })).status).toBe(429);
    const rest = gateway.upstream.requests.filter((request) => questionOf(request) !== 'two');
    expect(rest).toHaveLength(2);
    await Promise.all(rest.map(({ aborted }) => aborted));
  });

  it('get one 404 for an unknown model before anything goes upstream', async () => {
    expect(await errorOf(await complete({ prompt: PROMPTS, model: 'nope' }))).toMatchObject({
      status: 404,
      code: 'model_not_found',
      param: 'model',
    });
    expect(gateway.upstream.requests).toHaveLength(0);
  });

  it('are all aborted when the client leaves', async () => {
    gateway.upstream.use(stall('x'));
    const controller = new AbortController();
    const response = await complete({ prompt: PROMPTS, stream: true }, { signal: controller.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    while (text.split('"text":"x"').length <= PROMPTS.length) text += (await reader.read()).value;
    controller.abort();
    expect(gateway.upstream.requests).toHaveLength(PROMPTS.length);
    await Promise.all(gateway.upstream.requests.map(({ aborted }) => aborted));
  });

  it('run one after another when there are more of them than places', async () => {
    restless.upstream.use(say('x'));
    const prompt = Array.from({ length: 8 }, (_, index) => `${index}`);
    const all = await Promise.all(
      Array.from({ length: 4 }, async () =>
        readChunks(await (await complete({ prompt, stream: true }, {}, restless)).text()),
      ),
    );
    const said = all.map((chunks) => chunks.filter(({ choices }) => choices[0]!.text === 'x'));
    expect(said.every((texts) => texts.length === 8)).toBe(true);
  });
});

describe('an answer', () => {
  it('ends before a stop sequence', async () => {
    gateway.upstream.use(say('one\n', 'two'));
    const stopped = (await (await complete({ stop: ['\n'] })).json()) as OpenAI.Completion;
    expect(stopped.choices[0]).toMatchObject({ text: 'one', finish_reason: 'stop' });
  });

  it.each([false, true])('shows no reasoning (stream: %s)', async (stream) => {
    gateway.upstream.use(sayReasoning([['A thought.']], 'Hello.'));
    const text = await (await complete({ stream })).text();
    expect(text).toContain('Hello.');
    expect(text).not.toContain('A thought.');
  });

  it('has finish_reason content_filter when the model refuses', async () => {
    gateway.upstream.use(
      sendItem({
        type: 'message',
        role: 'assistant',
        id: 'msg_1',
        content: [{ type: 'refusal', refusal: 'I cannot.' }],
      }),
    );
    expect(await (await complete({})).json()).toMatchObject({
      choices: [{ text: '', finish_reason: 'content_filter' }],
    });
  });

  it('ends in an error frame when it fails in the middle of a stream', async () => {
    gateway.upstream.use(breakOff('partial'));
    const data = readData(await (await complete({ stream: true })).text());
    expect(JSON.parse(data.at(-1)!)).toMatchObject({ error: { message: expect.any(String) } });
  });

  it('is kept alive while it is silent, by chunks without text once it has begun', async () => {
    restless.upstream.use((_request, response) => {
      startResponse(response);
      setTimeout(() => {
        sendMessageStart(response);
        sendDelta(response, 'late');
        sendMessageDone(response, 'late');
        sendCompleted(response);
      }, 1000);
    });
    const text = await (await complete({ stream: true }, {}, restless)).text();
    expect(text).toMatch(/^(: keepalive\n\n){3,}data: \{/);
    expect(readChunks(text)[0]!.choices).toEqual([
      { text: '', index: 0, logprobs: null, finish_reason: null },
    ]);
  });

  it('is the same, from one turn, when it is requested again with its key', async () => {
    gateway.upstream.use(say('Hello.'));
    const headers = { 'idempotency-key': 'completion' };
    const texts = [
      await (await complete({}, { headers })).text(),
      await (await complete({}, { headers })).text(),
    ];
    expect(texts[0]).toContain('cmpl-');
    expect(texts[1]).toBe(texts[0]);
    expect(gateway.upstream.requests).toHaveLength(1);
    expect(await errorOf(await complete({ prompt: 'other' }, { headers }))).toMatchObject({
      status: 400,
      code: 'idempotency_key_in_use',
    });
  });
});

describe('a field without effect', () => {
  it('is named as ignored', async () => {
    gateway.upstream.use(say('Hello.'));
    const response = await complete({ max_tokens: 16, temperature: 0, top_k: 5, stream_options: { pad: 1 } });
    expect(response.headers.get('x-codex-gateway-ignored')).toBe(
      'max_tokens, temperature, top_k, stream_options.pad',
    );
    expect(await response.json()).toMatchObject({ choices: [{ text: 'Hello.' }] });
  });

  it('is refused in strict mode with an error that clients recognise', async () => {
    const headers = { 'x-codex-gateway-strict': '1' };
    expect(await errorOf(await complete({ temperature: 0 }, { headers }))).toMatchObject({
      status: 400,
      code: 'unsupported_value',
      param: 'temperature',
      message: expect.stringContaining('Only the default (1) value is supported'),
    });
  });

  it('refuses prompts of tokens and says what to send', async () => {
    expect(await errorOf(await complete({ prompt: [1, 2, 3] }))).toMatchObject({
      status: 400,
      param: 'prompt[0]',
      message: expect.stringContaining('Send the prompt as text'),
    });
  });
});

it('cuts the text at an enforced limit', async () => {
  restless.upstream.use(say('one two three four five'));
  const response = await complete({ max_tokens: 2 }, {}, restless);
  expect(response.headers.get('x-codex-gateway-ignored')).toBeNull();
  expect(await response.json()).toMatchObject({
    choices: [{ text: 'one two', finish_reason: 'length' }],
    usage: { estimated: true },
  });
});
