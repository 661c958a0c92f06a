import { describe, expect, it } from 'vitest';
import {
  refuse,
  say,
  sendCompleted,
  sendDelta,
  sendMessageDone,
  startMessage,
  type Script,
} from '../support/upstream.ts';
import { useSharedGateway } from '../support/use-test-gateway.ts';

const gateway = useSharedGateway();

const CHAT = { model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] };
const STREAM = { ...CHAT, stream: true };

let keys = 0;
const newKey = () => `key-${(keys += 1)}`;
const post = (body: unknown, key: string, signal?: AbortSignal) =>
  gateway.post(body, { headers: { 'idempotency-key': key }, ...(signal && { signal }) });

/** Sends the first half, and the second half on command. */
function halves(): { script: Script; go: () => void; begun: Promise<void> } {
  const { promise, resolve: go } = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<void>();
  return {
    go,
    begun: begun.promise,
    async script(_request, response) {
      startMessage(response, 'Hel');
      begun.resolve();
      await promise;
      sendDelta(response, 'lo');
      sendMessageDone(response, 'Hello');
      sendCompleted(response);
    },
  };
}

async function readUntil(response: Response, text: string): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const reader = response.body!.getReader();
  const decoder = new TextDecoder();
  for (let read = ''; !read.includes(text);) {
    const { value, done } = await reader.read();
    expect(done).toBe(false);
    read += decoder.decode(value, { stream: true });
  }
  return reader;
}

describe.each([
  ['a whole answer', CHAT],
  ['a stream', STREAM],
])('%s sent again with its key', (_name, body) => {
  it('gets the same answer from one turn, while it runs and after its end', async () => {
    const { script, go, begun } = halves();
    gateway.upstream.use(script);
    const key = newKey();
    const first = post(body, key);
    await begun;
    const second = post(body, key);
    go();
    const texts = await Promise.all([first, second].map(async (response) => await (await response).text()));
    const third = await (await post(body, key)).text();
    expect(texts[0]).toContain('chatcmpl-');
    expect(new Set([...texts, third]).size).toBe(1);
    expect(gateway.upstream.requests).toHaveLength(1);
  });
});

it('without a key, every request is a turn of its own', async () => {
  gateway.upstream.use(say('Hello.'));
  await gateway.post(CHAT);
  await gateway.post(CHAT);
  expect(gateway.upstream.requests).toHaveLength(2);
});

it('a turn that failed runs again', async () => {
  const key = newKey();
  gateway.upstream.use(refuse(503, {}));
  expect((await post(CHAT, key)).status).toBe(503);
  gateway.upstream.use(say('Hello.'));
  expect((await post(CHAT, key)).status).toBe(200);
  expect(gateway.upstream.requests).toHaveLength(2);
});

it('a turn that failed in the middle of its stream runs again', async () => {
  const key = newKey();
  gateway.upstream.use((_request, response) => {
    startMessage(response, 'Hel');
    response.write('', () => response.destroy());
  });
  expect(await (await post(STREAM, key)).text()).toContain('"error"');
  gateway.upstream.use(say('Hello.'));
  expect(await (await post(STREAM, key)).text()).toContain('[DONE]');
});

it('refuses another body under the same key', async () => {
  const key = newKey();
  gateway.upstream.use(say('Hello.'));
  await post(CHAT, key);
  const response = await post(STREAM, key);
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ error: { code: 'idempotency_key_in_use' } });
  expect(gateway.upstream.requests).toHaveLength(1);
});

it('refuses a key of 256 characters', async () => {
  expect((await post(CHAT, 'k'.repeat(256))).status).toBe(400);
});

it('interrupts the turn when its last client leaves, not before, and runs it again when repeated', async () => {
  const { script, begun } = halves();
  gateway.upstream.use(script);
  const key = newKey();
  const [leaver, stayer] = [new AbortController(), new AbortController()];
  const first = await post(STREAM, key, leaver.signal);
  await begun;
  const second = await post(STREAM, key, stayer.signal);
  await readUntil(first, 'Hel');
  leaver.abort();
  await readUntil(second, 'Hel');
  const [request] = gateway.upstream.requests;
  stayer.abort();
  await request!.aborted;

  gateway.upstream.use(say('Hello.'));
  expect(await (await post(STREAM, key)).text()).toContain('[DONE]');
  expect(gateway.upstream.requests).toHaveLength(2);
});
