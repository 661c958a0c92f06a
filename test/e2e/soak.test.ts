import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { childrenOf, residentMegabytes } from '../support/process.ts';
import { refuse, say, sendItem, stall, type Script } from '../support/upstream.ts';

/** Turns of each kind. */
const TURNS = 30;

/** Megabytes. A thread that stays loaded costs 0.84: all of one kind are seen. */
const MAX_GROWTH = 24;

let gateway: TestGateway;
let codex: number;
beforeAll(async () => {
  gateway = await startTestGateway();
  [codex] = childrenOf(process.pid, 'app-server') as [number];
  await take(say('Hello.'));
});
afterAll(() => gateway.close());

const QUESTION = { model: 'gpt-6-sol', messages: [{ role: 'user' as const, content: 'hello' }] };

async function take(script: Script): Promise<void> {
  gateway.upstream.use(script);
  for (let index = 0; index < TURNS; index += 1) {
    await gateway.client.chat.completions.create(QUESTION).catch(() => {});
    // The scripted provider keeps what it hears; it is not what is measured.
    gateway.upstream.requests.length = 0;
  }
}

async function leave(): Promise<void> {
  gateway.upstream.use(stall('first'));
  for (let index = 0; index < TURNS; index += 1) {
    const client = new AbortController();
    const response = await gateway.post({ ...QUESTION, stream: true }, { signal: client.signal });
    await response.body!.getReader().read();
    client.abort();
  }
}

const CALL = {
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_1',
  name: 'exec_command',
  arguments: '{}',
};

it.each([
  ['were answered', () => take(say('Hello.'))],
  ['failed', () => take(refuse(500, {}))],
  ['called tools', () => take(sendItem(CALL))],
  ['lost their client', leave],
])('holds no more memory in Codex after turns that %s', async (_kind, work) => {
  const before = residentMegabytes(codex);
  await work();
  expect(residentMegabytes(codex) - before).toBeLessThan(MAX_GROWTH);
});
