import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTextMessage, type Item } from '../../../src/conversation/item.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { startTestAppServer, type TestAppServer } from '../../support/app-server.ts';

let server: TestAppServer;
beforeAll(async () => {
  server = await startTestAppServer();
});
afterAll(() => server.close());
beforeEach(() => void server.upstream.requests.splice(0));

const say = (role: 'user' | 'assistant', text: string): Item => createTextMessage(role, text, 'input[0]');
const turnOf = (...items: Item[]) => ({ model: 'gpt-5.5', items });
/** The answer of the scripted provider. */
const ANSWER = say('assistant', 'Hello.');

/** The number of threads from which the requests upstream came. */
const threads = () => new Set(server.upstream.requests.map(({ body }) => body.prompt_cache_key)).size;

describe('a thread that is kept', () => {
  it('never serves another owner', async () => {
    const first = say('user', 'A secret of Ann.');
    await server.runTurn(turnOf(first), 'ann');
    await server.runTurn(turnOf(first, ANSWER, say('user', 'Next.')), 'bob');
    await server.runTurn(turnOf(first, ANSWER, say('user', 'Next.')));
    expect(threads()).toBe(3);
    const [start] = await server.runTurn(turnOf(first, ANSWER, say('user', 'Next.')), 'ann');
    expect(start).toEqual({ type: 'turn-start', adjustments: [], isContinued: true });
    expect(threads()).toBe(3);
  });

  it('keeps no conversation in the memory of the gateway', async () => {
    async function runTurn(): Promise<WeakRef<Item>> {
      const item = say('user', 'A long text.');
      await server.runTurn(turnOf(item), 'ann');
      return new WeakRef(item);
    }
    const item = await runTurn();
    await collectGarbage();
    expect(item.deref()).toBeUndefined();
    await server.runTurn(turnOf(say('user', 'A long text.'), ANSWER, say('user', 'Next.')), 'ann');
    expect(threads()).toBe(1);
  });

  it('is not kept for a turn without an owner', async () => {
    const first = say('user', 'Hello?');
    await server.runTurn(turnOf(first));
    await server.runTurn(turnOf(first, ANSWER, say('user', 'Next.')), 'ann');
    expect(threads()).toBe(2);
  });

  it('is used for a conversation that goes on, and no other of the same owner', async () => {
    const [one, two] = [say('user', 'One.'), say('user', 'Two.')];
    await server.runTurn(turnOf(one), 'ann');
    await server.runTurn(turnOf(two), 'ann');
    await server.runTurn(turnOf(one, ANSWER, two), 'ann');
    await server.runTurn(turnOf(two, ANSWER, one), 'ann');
    expect(threads()).toBe(2);
    const texts = server.upstream.requests.at(-1)!.body.input.map(({ content }) => content?.[0]?.text);
    expect(texts).toEqual(['Two.', 'Hello.', 'One.']);
  });
});
