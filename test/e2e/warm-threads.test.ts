import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTextMessage } from '../../src/conversation/item.ts';
import type { Turn } from '../../src/conversation/turn.ts';
import { startTestAppServer, type TestAppServer } from '../support/app-server.ts';
import { formatRequest } from '../support/format-request.ts';
import { startTestGateway } from '../support/gateway.ts';
import { childrenOf } from '../support/process.ts';
import { say } from '../support/upstream.ts';

const TURN: Turn = { model: 'gpt-5.5', items: [createTextMessage('user', 'hello', 'messages[0]')] };
const tool = (name: string) => ({
  name,
  description: undefined,
  parameters: { type: 'object', properties: {} },
  strict: false,
  path: 'tools[0]',
});

describe('a turn after another of the same kind', () => {
  let server: TestAppServer;
  beforeAll(async () => {
    server = await startTestAppServer();
  });
  afterAll(() => server.close());

  /** Runs a turn, and waits until a thread has been started for the next one; returns what it sent first. */
  async function run(turn: Turn): Promise<readonly string[]> {
    const before = server.requests.length;
    await server.runTurn(turn);
    await expect.poll(() => server.requests.slice(before)).toContain('thread/unsubscribe');
    await expect.poll(() => server.requests.slice(before + 1)).toContain('thread/start');
    return server.requests.slice(before, before + 2);
  }

  it('finds a thread that was started ahead, and sends the same', async () => {
    expect(await run(TURN)).toEqual(['thread/start', 'thread/inject_items']);
    expect(await run(TURN)).toEqual(['thread/inject_items', 'turn/start']);
    const [first, second] = server.upstream.requests.map((one) => formatRequest(one, ''));
    expect(second).toEqual(first);
    const keys = server.upstream.requests.map(({ body }) => body.prompt_cache_key);
    expect(new Set(keys).size).toBe(2);
  });

  it.each<[what: string, turn: Turn]>([
    ['model', { ...TURN, model: 'gpt-6-sol' }],
    ['verbosity', { ...TURN, verbosity: 'low' }],
    ['list of tools', { ...TURN, tools: [tool('look')] }],
    ['web search', { ...TURN, webSearch: {} }],
  ])('starts a thread of its own when it has another %s', async (_what, turn) => {
    await run(TURN);
    expect(await run(turn)).toEqual(['thread/start', 'thread/inject_items']);
    expect(await run(turn)).toEqual(['thread/inject_items', 'turn/start']);
  });

  it('takes the thread although the settings of the turn itself differ', async () => {
    await run(TURN);
    expect(await run({ ...TURN, reasoningEffort: 'low' })).toEqual(['thread/inject_items', 'turn/start']);
    expect(server.upstream.requests.at(-1)!.body).toMatchObject({ reasoning: { effort: 'low' } });
  });
});

describe('a gateway with threads that were started ahead', () => {
  it('answers every request after its state folder was removed, with one new app-server', async () => {
    const gateway = await startTestGateway();
    try {
      gateway.upstream.use(say('Hello.'));
      const ask = async () =>
        (await gateway.post({ model: 'gpt-5.5', messages: [{ role: 'user', content: 'hello' }] })).status;
      expect(await ask()).toBe(200);
      rmSync(gateway.stateDirectory, { recursive: true, maxRetries: 5 });
      for (let count = 0; count < 4; count += 1) expect(await ask()).toBe(200);
      await expect.poll(() => childrenOf(process.pid, 'app-server')).toHaveLength(1);
      expect(gateway.log.lines.filter((line) => line.includes('state folder'))).toHaveLength(1);
    } finally {
      await gateway.close();
    }
  });
});
