import { expect, it } from 'vitest';
import { describeSession } from '../../src/sessions/describe-session.ts';
import type { Session } from '../../src/sessions/session.ts';
import { createFakeAgent } from '../support/fake-agent.ts';
import { openTestSessions, PATIENT, sessionsHome } from '../support/open-test-sessions.ts';

const owner = 'main';

async function settled(session: Session): Promise<void> {
  await expect.poll(() => session.isBusy, PATIENT).toBe(false);
}

/** Opens two gateways on one store; a turn of the session runs in the first one. */
async function openTwo() {
  const home = sessionsHome();
  const agent = createFakeAgent(() => {});
  const one = await openTestSessions(agent, { home });
  const other = await openTestSessions(createFakeAgent(), { home });
  const session = await one.create({ owner });
  const seen = await other.find(session.id, owner);
  const { turnId } = await session.send({ text: 'one' });
  await expect.poll(() => agent.turns.length, PATIENT).toBe(1);
  const end = async () => {
    agent.turns[0]!.end();
    await settled(session);
    await session.state.flush();
  };
  return { one, other, session, seen, turnId, end };
}

const BUSY = { code: 'session_conflict', message: expect.stringContaining('Another gateway') };

it('a session that another gateway works on is not touched, and is read again once that has ended', async () => {
  const { other, session, seen, end } = await openTwo();
  const { lastId } = session.events;
  await expect(seen.send({ text: 'two' })).rejects.toMatchObject(BUSY);
  await end();
  const again = await other.find(session.id, owner);
  expect(describeSession(again)).toMatchObject({ status: 'idle', messages: [{ text: 'one' }] });
  // The refused message has taken no number away from them.
  const events = (await again.events.after(lastId, 10)).events;
  expect(events.map(({ type }) => type)).toEqual(['turn.completed', 'session.updated']);
  await again.send({ text: 'two' });
  await settled(again);
  expect(describeSession(again).messages.length).toBe(3);
});

it('a session that runs in another gateway is shown as running, and can only be read', async () => {
  const { other, session, turnId, end } = await openTwo();
  const list = async () => (await other.list({ owner, limit: 10 })).sessions.map(({ status }) => status);
  expect(await list()).toEqual(['running']);
  const seen = await other.find(session.id, owner);
  expect(describeSession(seen)).toMatchObject({ status: 'running', messages: [{ text: 'one' }] });
  const refused = [
    seen.send({ text: 'two' }),
    seen.send({ text: 'two', mode: 'queue' }),
    seen.steer({ text: 'two' }),
    seen.start({ kind: 'compaction' }),
    seen.interrupt(),
    seen.answer(undefined, { decision: 'allow' }),
    seen.undo(turnId),
    other.delete(session.id, owner),
    other.deleteAll(owner),
  ];
  for (const one of refused) await expect(one).rejects.toMatchObject(BUSY);
  expect(describeSession(await other.find(session.id, owner)).status).toBe('running');
  expect(await list()).toEqual(['running']);
  await end();
  expect(await list()).toEqual(['idle']);
  expect(describeSession(await other.find(session.id, owner)).status).toBe('idle');
});

it('deleting all sessions leaves those that run in another gateway, and says so', async () => {
  const { other, session } = await openTwo();
  await other.create({ owner });
  await expect(other.deleteAll(owner)).rejects.toMatchObject(BUSY);
  expect((await other.list({ owner, limit: 10 })).sessions).toMatchObject([{ id: session.id }]);
});

it('a session whose gateway has died is idle in another one that has seen it run', async () => {
  const { one, other, session } = await openTwo();
  expect(describeSession(await other.find(session.id, owner)).status).toBe('running');
  one.die();
  const again = await other.find(session.id, owner);
  expect(describeSession(again).status).toBe('idle');
  await again.send({ text: 'two' });
  await settled(again);
});
