import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createTextMessage, type Item } from '../../../src/conversation/item.ts';
import { collectGarbage } from '../../support/collect-garbage.ts';
import { say as sayText } from '../../support/upstream.ts';
import { call } from '../../support/upstream-tools.ts';
import { startTestAppServer, type TestAppServer } from '../../support/app-server.ts';

let server: TestAppServer;
beforeAll(async () => {
  server = await startTestAppServer();
});
afterAll(() => server.close());
beforeEach(() => void server.upstream.requests.splice(0));

const say = (role: 'user' | 'assistant', text: string): Item => createTextMessage(role, text, 'input[0]');
const turnOf = (...items: Item[]) => ({ model: 'gpt-5.5', items });
const LOOK = {
  name: 'look',
  description: undefined,
  parameters: { type: 'object', properties: {} },
  strict: false,
  path: 'tools[0]',
};
/** The answer of the scripted provider. */
const ANSWER = say('assistant', 'Hello.');

/** The number of threads from which the requests upstream came. */
const threads = () => new Set(server.upstream.requests.map(({ body }) => body.prompt_cache_key)).size;

const countReleased = () => server.requests.filter((method) => method === 'thread/unsubscribe').length;

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

  it.each([
    ['an answer', sayText('Hello.')],
    ['a call', call({ name: 'look', arguments: {} })],
  ])('keeps no conversation in the memory of the gateway after %s', async (_what, script) => {
    async function runTurn(): Promise<WeakRef<Item>> {
      const item = say('user', 'A long text.');
      server.upstream.use(script);
      await server.runTurn({ ...turnOf(item), tools: [LOOK] }, 'ann');
      return new WeakRef(item);
    }
    const released = countReleased();
    const item = await runTurn();
    server.upstream.use(sayText('Hello.'));
    // The thread is kept a moment after the last event.
    const isHeld = async () => {
      await collectGarbage();
      return item.deref() !== undefined;
    };
    await expect.poll(isHeld).toBe(false);
    expect(countReleased()).toBe(released);
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
