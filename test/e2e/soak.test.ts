import { expect, it } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';
import { childrenOf, residentMegabytes } from '../support/process.ts';

const WARM_UP = 50;
const TURNS = 1000;

it('after 1,000 turns Codex holds no more memory than after the first 50', { timeout: 120_000 }, async () => {
  const gateway = await startTestGateway();
  try {
    const [pid] = childrenOf(process.pid, 'app-server');
    const turns = async (count: number) => {
      for (let index = 0; index < count; index += 1) {
        const messages = [{ role: 'user' as const, content: `turn ${index}` }];
        await gateway.client.chat.completions.create({ model: 'gpt-6-sol', messages });
        // The scripted provider keeps what it hears; it is not what is measured.
        gateway.upstream.requests.length = 0;
      }
    };
    await turns(WARM_UP);
    const before = residentMegabytes(pid!);
    await turns(TURNS - WARM_UP);
    expect(residentMegabytes(pid!) - before).toBeLessThan(40);
  } finally {
    await gateway.close();
  }
});
