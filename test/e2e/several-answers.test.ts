import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, HELLO, WAYS } from '../support/ask.ts';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { readChunks } from '../support/read-chunks.ts';
import {
  refuse,
  say,
  sendCompleted,
  sendDelta,
  sendMessageDone,
  stall,
  startMessage,
} from '../support/upstream.ts';
import type { Script } from '../support/upstream.ts';

const PLACES = 8;

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway({ config: { limits: { running: PLACES } } });
});
afterAll(() => gateway.close());

/** Answers by the number of the request, from 1; `run` of it decides. */
function numbered(run: (count: number) => Script): Script {
  let count = 0;
  return (request, response) => {
    count += 1;
    return run(count)(request, response);
  };
}

describe.each(['gpt-5.5', 'gpt-6-sol'])('several answers of %s', (model) => {
  it.each(WAYS)('take one request each and return the sum of their usage, %s', async (way) => {
    gateway.upstream.use(numbered((count) => say('answer ', String(count))));
    const before = gateway.upstream.requests.length;
    const told = await ask(gateway, way, { model, n: 4 });
    expect(told.said.map(({ content }) => content).toSorted()).toEqual(
      Array.from({ length: 4 }, (_, index) => `answer ${index + 1}`),
    );
    expect(told.said.every(({ finish }) => finish === 'stop')).toBe(true);
    expect(told.usage).toMatchObject({ prompt_tokens: 44, completion_tokens: 28, total_tokens: 72 });
    const requests = gateway.upstream.requests.slice(before);
    expect(requests).toHaveLength(4);
    const inputs = requests.map(({ body }) => JSON.stringify(body.input.map(({ content }) => content)));
    expect(new Set(inputs).size).toBe(1);
  });
});

it('streams several answers side by side', async () => {
  const halfway = Promise.withResolvers<void>();
  let waiting = 0;
  gateway.upstream.use(async (_request, response) => {
    startMessage(response, 'one ');
    waiting += 1;
    if (waiting === 3) halfway.resolve();
    await halfway.promise;
    sendDelta(response, 'two');
    sendMessageDone(response, 'one two');
    sendCompleted(response);
  });
  const response = await gateway.post({ model: 'gpt-5.5', messages: HELLO, n: 3, stream: true });
  const chunks = readChunks(await response.text());
  const indexOf = (text: string) =>
    chunks.flatMap(({ choices }, place) => (choices[0]?.delta.content === text ? [place] : []));
  expect(indexOf('one ')).toHaveLength(3);
  expect(indexOf('two')).toHaveLength(3);
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
});

it('fails with the status of an answer that fails before any text, and aborts the others', async () => {
  for (const way of WAYS) {
    const started = Promise.withResolvers<void>();
    let open = 0;
    gateway.upstream.use(
      numbered((count) =>
        count === 3
          ? async (request, response) => {
              await started.promise;
              return refuse(429, { error: { message: 'slow down', code: 'rate_limit_exceeded' } })(
                request,
                response,
              );
            }
          : (_request, response) => {
              startMessage(response);
              open += 1;
              if (open === 2) started.resolve();
            },
      ),
    );
    const before = gateway.upstream.requests.length;
    const told = await ask(gateway, way, { n: 3 });
    expect(told.status).toBe(429);
    const requests = gateway.upstream.requests.slice(before);
    expect(requests).toHaveLength(3);
    await Promise.all([requests[0]!.aborted, requests[1]!.aborted]);
  }
});

it('ends the stream with an error when one answer fails in the middle', async () => {
  const read = Promise.withResolvers<void>();
  gateway.upstream.use(
    numbered((count) =>
      count === 1
        ? stall('one')
        : async (_request, response) => {
            startMessage(response, 'two');
            await read.promise;
            response.destroy();
          },
    ),
  );
  const before = gateway.upstream.requests.length;
  const response = await gateway.post({ model: 'gpt-5.5', messages: HELLO, n: 2, stream: true });
  let text = '';
  for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    if (text.includes('"one"') && text.includes('"two"')) read.resolve();
  }
  expect(response.status).toBe(200);
  expect(text).toContain('"error"');
  expect(text).not.toContain('[DONE]');
  await gateway.upstream.requests[before]!.aborted;
});

it('aborts all answers when the client leaves', async () => {
  gateway.upstream.use(stall('x'));
  const before = gateway.upstream.requests.length;
  const controller = new AbortController();
  const response = await gateway.post(
    { model: 'gpt-5.5', messages: HELLO, n: 4, stream: true },
    { signal: controller.signal },
  );
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  while (text.split('"content":"x"').length <= 4) text += (await reader.read()).value;
  controller.abort();
  const requests = gateway.upstream.requests.slice(before);
  expect(requests).toHaveLength(4);
  await Promise.all(requests.map(({ aborted }) => aborted));
});

it('runs more answers than there are places one after another', async () => {
  let open = 0;
  let most = 0;
  gateway.upstream.use((request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => (open -= 1));
    return say('x')(request, response);
  });
  const told = await Promise.all(Array.from({ length: 4 }, () => ask(gateway, 'streamed', { n: 4 })));
  expect(told.every(({ said }) => said.filter(({ content }) => content === 'x').length === 4)).toBe(true);
  expect(most).toBeLessThanOrEqual(PLACES);
});
