import { expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../support/gateway.ts';
import { childrenOf, residentMegabytes } from '../support/process.ts';
import { refuse, say, sendItem, stall, type Script } from '../support/upstream.ts';

/** A thread that stays loaded costs 0.84 MB: a hundred of them are seen. */
const MAX_GROWTH = 40;

async function measureGrowth(work: (gateway: TestGateway) => Promise<void>, warmUp: number): Promise<number> {
  const gateway = await startTestGateway();
  try {
    const [pid] = childrenOf(process.pid, 'app-server');
    await turns(gateway, warmUp);
    const before = residentMegabytes(pid!);
    await work(gateway);
    return residentMegabytes(pid!) - before;
  } finally {
    await gateway.close();
  }
}

const QUESTION = { model: 'gpt-6-sol', messages: [{ role: 'user' as const, content: 'hello' }] };

async function turns(
  { client, upstream }: TestGateway,
  count: number,
  script: Script = say('Hello.'),
): Promise<void> {
  upstream.use(script);
  for (let index = 0; index < count; index += 1) {
    await client.chat.completions.create(QUESTION).catch(() => {});
    // The scripted provider keeps what it hears; it is not what is measured.
    upstream.requests.length = 0;
  }
}

it('holds no more memory in Codex after 200 turns than after the first 50', async () => {
  const growth = await measureGrowth(async (gateway) => await turns(gateway, 150), 50);
  expect(growth).toBeLessThan(MAX_GROWTH);
});

const CALL = {
  type: 'function_call',
  id: 'fc_1',
  call_id: 'call_1',
  name: 'exec_command',
  arguments: '{}',
};

it('holds no more memory in Codex after turns that failed, called tools or lost their client', async () => {
  const growth = await measureGrowth(async (gateway) => {
    await turns(gateway, 60, refuse(500, {}));
    await turns(gateway, 60, sendItem(CALL));
    gateway.upstream.use(stall('first'));
    for (let index = 0; index < 60; index += 1) {
      const client = new AbortController();
      const response = await gateway.post({ ...QUESTION, stream: true }, { signal: client.signal });
      await response.body!.getReader().read();
      client.abort();
    }
  }, 50);
  expect(growth).toBeLessThan(MAX_GROWTH);
});
