import { expect, it } from 'vitest';
import { createFakeAgent } from '../support/fake-agent.ts';
import { openTestSessions, PATIENT } from '../support/open-test-sessions.ts';

it('a session that is read stays in memory, and leaves it once nobody reads it any more', async () => {
  const agent = createFakeAgent();
  const sessions = await openTestSessions(agent, { idleMs: 20 });
  const session = await sessions.create({ owner: 'main' });
  const find = async () => await sessions.find(session.id, 'main');
  const stop = session.events.follow({ onEnd: () => {} });
  await session.send({ text: 'hello' });
  await expect.poll(() => agent.calls, PATIENT).toContain('unload');
  expect(await find()).toBe(session);
  stop();
  await expect.poll(async () => (await find()) === session, PATIENT).toBe(false);
});
