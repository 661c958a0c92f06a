import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFakeAgent } from '../support/fake-agent.ts';
import { openTestSessions, PATIENT, sessionsHome } from '../support/open-test-sessions.ts';
import { describeSession } from '../../src/sessions/describe-session.ts';
import type { Session } from '../../src/sessions/session.ts';

const owner = 'main';

/** Returns the event of the last turn that ended. */
function lastEnd(session: Session) {
  return session.events.latest().findLast(({ type }) => type === 'turn.completed');
}

async function settled(session: Session): Promise<void> {
  await expect.poll(() => session.isBusy, PATIENT).toBe(false);
}

it('a session is as it was after a restart, and goes on with its thread and its keys', async () => {
  const home = sessionsHome();
  const agent = createFakeAgent();
  const before = await openTestSessions(agent, { home });
  const session = await before.create({ owner, review: 'none', context: { context_name: 'Homepage' } });
  const message = { text: 'one', sent: { key: 'key', digest: 'one' } };
  const sent = await session.send(message);
  await settled(session);
  const shown = describeSession(session);
  await before.stop();

  const after = await openTestSessions(agent, { home });
  expect((await after.list({ owner, limit: 10 })).sessions).toMatchObject([
    { id: session.id, status: 'idle' },
  ]);
  const again = await after.find(session.id, owner);
  // The ids of its events go on far above.
  expect(describeSession(again)).toEqual({ ...shown, last_event_id: expect.any(Number) });
  expect(await again.send(message)).toEqual(sent);
  await again.send({ text: 'two' });
  await settled(again);
  expect(agent.calls).toEqual(['start', 'unload', 'close', 'resume']);
  const ids = again.events.latest().map(({ id }) => id);
  expect(ids).toEqual(ids.toSorted((one, other) => one - other));
  expect(new Set(ids).size).toBe(ids.length);
});

it('a turn that ran when its gateway died is marked interrupted, and can be undone', async () => {
  const home = sessionsHome();
  const file = join(home.workspace, 'page.html');
  writeFileSync(file, 'before');
  const dying = createFakeAgent((turn) => {
    writeFileSync(join(turn.workspace, 'page.html'), 'after');
    turn.emit({ type: 'text-delta', turnId: turn.id, itemId: 'item', text: 'I am' });
  });
  const before = await openTestSessions(dying, { home, maxConcurrentTurns: 1 });
  const session = await before.create({ owner });
  const { turnId } = await session.send({ text: 'one' });
  const waiting = await session.send({ text: 'two', mode: 'queue' });
  await expect.poll(() => readFileSync(file, 'utf8'), PATIENT).toBe('after');
  await session.state.flush();
  const lastId = session.events.latest().at(-1)!.id;
  before.die();

  const agent = createFakeAgent();
  const after = await openTestSessions(agent, { home });
  const again = await after.find(session.id, owner);
  expect(describeSession(again)).toMatchObject({
    status: 'idle',
    messages: [{ text: 'one' }, { text: 'two' }],
  });
  const ends = again.events.latest().slice(-2);
  expect(ends).toMatchObject([
    { type: 'turn.completed', turn_id: turnId, status: 'interrupted' },
    { type: 'turn.completed', turn_id: waiting.turnId, status: 'interrupted' },
  ]);
  expect(ends[0]!.id).toBeGreaterThan(lastId + 1);
  expect((await again.diff(turnId)).diff).toContain('+after');
  expect(await again.undo(turnId)).toMatchObject({ files: ['page.html'] });
  expect(readFileSync(file, 'utf8')).toBe('before');
  await again.send({ text: 'three' });
  await settled(again);
  expect(agent.calls[0]).toBe('resume');
});

it('after the death of the child the session says so, and the next message goes on with the thread', async () => {
  const agent = createFakeAgent((turn) => {
    if (turn.text === 'two') {
      turn.say('Back.');
      turn.end();
    }
  });
  const sessions = await openTestSessions(agent);
  const session = await sessions.create({ owner });
  const { turnId } = await session.send({ text: 'one' });
  await expect.poll(() => agent.turns.length, PATIENT).toBe(1);
  agent.kill();
  await settled(session);
  expect(describeSession(session)).toMatchObject({
    status: 'error',
    last_error: expect.stringContaining('has ended'),
    messages: [{ text: 'one' }],
  });
  expect(lastEnd(session)).toMatchObject({
    turn_id: turnId,
    status: 'failed',
  });
  await session.send({ text: 'two' });
  await settled(session);
  expect(agent.calls).toEqual(['start', 'resume']);
  expect(agent.turns[1]!.threadId).toBe(agent.turns[0]!.threadId);
  expect(describeSession(session)).toMatchObject({ status: 'idle', last_error: null });
});

it('at the end of the gateway a turn that waits for a person ends at once, one that waits for its place never starts, and a running one goes on until it is interrupted', async () => {
  const home = sessionsHome();
  const decided: Promise<string>[] = [];
  const agent = createFakeAgent((turn) => {
    if (turn.text === 'ask') decided.push(turn.ask());
  });
  const sessions = await openTestSessions(agent, { home, maxConcurrentTurns: 2 });
  const [asking, working, waiting] = await Promise.all(
    [1, 2, 3].map(() => sessions.create({ owner, review: 'commands' })),
  );
  await asking!.send({ text: 'ask' });
  await working!.send({ text: 'work' });
  await waiting!.send({ text: 'wait' });
  await expect.poll(() => decided.length, PATIENT).toBe(1);
  await expect.poll(() => agent.turns.length, PATIENT).toBe(2);
  const streams: string[] = [];
  asking!.events.follow({ onEnd: () => void streams.push('asking') });
  working!.events.follow({ onEnd: () => void streams.push('working') });
  sessions.drain();
  await settled(asking!);
  expect(sessions.running()).toBe(1);
  expect(streams).toEqual(['asking']);
  expect(working!.isBusy).toBe(true);
  await expect(asking!.send({ text: 'late' })).rejects.toMatchObject({ code: 'shutting_down' });
  await sessions.interruptAll();
  expect(streams).toEqual(['asking', 'working']);
  expect(sessions.running()).toBe(0);
  await sessions.stop();

  const after = await openTestSessions(createFakeAgent(), { home });
  for (const { id } of [asking!, working!, waiting!]) {
    const found = await after.find(id, owner);
    expect(found.state.facts.status).toBe('idle');
    expect(lastEnd(found)).toMatchObject({ status: 'interrupted' });
  }
  expect(agent.turns.length).toBe(2);
});
