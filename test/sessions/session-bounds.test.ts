import { statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { collectGarbage } from '../support/collect-garbage.ts';
import { createFakeAgent } from '../support/fake-agent.ts';
import { openTestSessions, sessionsHome } from '../support/open-test-sessions.ts';
import { describeSession } from '../../src/sessions/describe-session.ts';

const owner = 'main';
const TURNS = 500;
const EVENTS_EACH = 200;
const MEGABYTE = 1024 * 1024;

it('a session of 500 turns and 100,000 events keeps memory flat, the store bounded and the list quick', async () => {
  const home = sessionsHome();
  let heard = 0;
  const agent = createFakeAgent((turn) => {
    for (let count = 0; count < EVENTS_EACH; count += 1)
      turn.emit({ type: 'text-delta', turnId: turn.id, itemId: 'item', text: 'some words of the answer ' });
    turn.say('The answer.');
    turn.end();
  });
  const sessions = await openTestSessions(agent, {
    home,
    // What turns change on disk is tested elsewhere.
    history: {
      begin: async () => {},
      end: async () => undefined,
      find: async () => undefined,
      describe: async () => ({ diff: '', files: [] }),
      undo: async () => [],
      forget: async () => {},
      prune: async () => {},
    },
  });
  const session = await sessions.create({ owner });
  let ended = Promise.withResolvers<void>();
  session.events.follow({
    onEvent({ event }) {
      heard += 1;
      if (event.type === 'session.updated' && event.status === 'idle') ended.resolve();
    },
    onEnd: () => {},
  });
  const used: number[] = [];
  for (let turn = 1; turn <= TURNS; turn += 1) {
    ended = Promise.withResolvers();
    await session.send({ text: `message ${turn}` });
    await ended.promise;
    if (turn % 250 === 0) {
      await session.state.flush();
      await collectGarbage();
      used.push(process.memoryUsage().heapUsed / MEGABYTE);
    }
  }
  expect(heard).toBeGreaterThan(TURNS * EVENTS_EACH);
  expect(used[1]! - used[0]!).toBeLessThan(3);
  const times: number[] = [];
  for (let count = 0; count < 10; count += 1) {
    const start = performance.now();
    expect((await sessions.list({ owner, limit: 20 })).sessions).toMatchObject([{ id: session.id }]);
    times.push(performance.now() - start);
  }
  // The others may have waited for another process.
  expect(Math.min(...times)).toBeLessThan(50);
  expect(JSON.stringify(describeSession(session)).length).toBeLessThan(MEGABYTE);
  await sessions.stop();
  expect(statSync(home.storePath).size).toBeLessThan(8 * MEGABYTE);
});
