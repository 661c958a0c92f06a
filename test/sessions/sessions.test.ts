import { expect, it } from 'vitest';
import { createFakeAgent } from '../support/fake-agent.ts';
import { answerTurn, type FakeTurn } from '../support/fake-turn.ts';
import { openTestSessions, PATIENT } from '../support/open-test-sessions.ts';
import { abortable, NEVER_ABORTED } from '../../src/base/async/abort.ts';
import { describeSession } from '../../src/sessions/describe-session.ts';
import type { Session } from '../../src/sessions/session.ts';

const owner = 'main';

/** Returns the event of the last turn that ended. */
function lastEnd(session: Session) {
  return session.events.latest().findLast(({ type }) => type === 'turn.completed');
}

/** Resolves once no turn of the session runs or waits. */
async function settled(session: Session): Promise<void> {
  await expect.poll(() => session.isBusy, PATIENT).toBe(false);
}

it('a message becomes a turn whose id its message, its answer and its events carry', async () => {
  const sessions = await openTestSessions(createFakeAgent());
  const session = await sessions.create({ owner });
  const { turnId, messageId, queuePosition } = await session.send({ text: 'hello' });
  expect(queuePosition).toBe(0);
  await settled(session);
  const shown = describeSession(session);
  expect(shown).toMatchObject({ status: 'idle', title: 'hello', last_error: null, queue_position: 0 });
  expect(shown.messages).toMatchObject([
    { id: messageId, role: 'user', text: 'hello', turn_id: turnId },
    { role: 'assistant', text: 'Answer to hello', turn_id: turnId },
  ]);
  const events = shown.events.filter(({ type }) => type !== 'session.updated');
  expect(events.map((event) => [event.type, 'turn_id' in event ? event.turn_id : undefined])).toEqual([
    ['message.added', turnId],
    ['thread.started', undefined],
    ['turn.started', turnId],
    ['item.completed', turnId],
    ['message.added', turnId],
    ['turn.completed', turnId],
  ]);
});

it('of 50 messages over 50 sessions 4 run, 40 wait, 6 are refused, and all 44 finish in order', async () => {
  const playing: FakeTurn[] = [];
  const agent = createFakeAgent((turn) => void playing.push(turn));
  const sessions = await openTestSessions(agent);
  const all = await Promise.all(Array.from({ length: 50 }, () => sessions.create({ owner })));
  const sent = await Promise.allSettled(
    all.map((session, index) => session.send({ text: `message ${index}` })),
  );
  const places = sent.map((one) =>
    one.status === 'fulfilled' ? one.value.queuePosition : String(one.reason.code),
  );
  expect(places).toEqual([
    0,
    0,
    0,
    0,
    ...Array.from({ length: 40 }, (_, index) => index + 1),
    ...Array.from({ length: 6 }, () => 'sessions_full'),
  ]);
  expect(sessions.load()).toMatchObject({ active_turns: 4, pending_turns: 40 });
  expect(describeSession(all[4]!)).toMatchObject({ status: 'queued', queue_position: 1 });
  expect(describeSession(all[49]!)).toMatchObject({ status: 'idle', messages: [] });
  for (let index = 0; index < 44; index += 1) {
    await expect.poll(() => playing.length, PATIENT).toBeGreaterThan(index);
    answerTurn(playing[index]!);
  }
  await Promise.all(all.map(settled));
  const order = agent.turns.map(({ text }) => Number(text.split(' ')[1]));
  expect(order.slice(4)).toEqual(Array.from({ length: 40 }, (_, index) => index + 4));
  expect(order.toSorted((one, other) => one - other)).toEqual(
    Array.from({ length: 44 }, (_, index) => index),
  );
  expect(all.slice(0, 44).every((session) => session.state.messages.list().length === 2)).toBe(true);
  expect(sessions.load()).toMatchObject({ active_turns: 0, pending_turns: 0 });
});

it('a message that comes while a turn runs is refused, waits, or is added to the turn, as it says', async () => {
  const agent = createFakeAgent(() => {});
  const sessions = await openTestSessions(agent, { maxConcurrentTurns: 1, maxQueuedTurns: 2 });
  const [session, other] = [await sessions.create({ owner }), await sessions.create({ owner })];
  const first = await session.send({ text: 'one' });
  await expect.poll(() => agent.turns.length, PATIENT).toBe(1);
  await expect(session.send({ text: 'refused' })).rejects.toMatchObject({ code: 'session_busy' });
  const second = await session.send({ text: 'two', mode: 'queue' });
  const third = await other.send({ text: 'three' });
  expect([second.queuePosition, third.queuePosition]).toEqual([1, 2]);
  await expect(other.send({ text: 'four', mode: 'queue' })).rejects.toMatchObject({ code: 'sessions_full' });
  const steered = await session.send({ text: 'also', mode: 'steer' });
  expect(steered).toMatchObject({ turnId: first.turnId, queuePosition: 0 });
  expect(agent.calls).toContain('steer also');
  for (let index = 0; index < 3; index += 1) {
    await expect.poll(() => agent.turns.length, PATIENT).toBe(index + 1);
    answerTurn(agent.turns[index]!);
  }
  await Promise.all([settled(session), settled(other)]);
  expect(agent.turns.map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  expect(session.state.messages.list().map(({ text, turn_id }) => [text, turn_id])).toEqual([
    ['one', first.turnId],
    ['two', second.turnId],
    ['also', first.turnId],
    ['Answer to one', first.turnId],
    ['Answer to two', second.turnId],
  ]);
  await expect(session.steer({ text: 'late' })).rejects.toMatchObject({ code: 'session_conflict' });
  expect((await session.send({ text: 'five', mode: 'steer' })).queuePosition).toBe(0);
});

it('a waiting message can be taken back, and is neither sent nor kept', async () => {
  const agent = createFakeAgent(() => {});
  const sessions = await openTestSessions(agent, { maxConcurrentTurns: 1 });
  const session = await sessions.create({ owner });
  const first = await session.send({ text: 'one' });
  const second = await session.send({ text: 'two', mode: 'queue' });
  await session.takeBack(second.messageId!);
  await expect(session.takeBack(second.messageId!)).rejects.toMatchObject({ code: 'message_not_found' });
  await expect(session.takeBack(first.messageId!)).rejects.toMatchObject({ code: 'session_conflict' });
  expect(sessions.load().pending_turns).toBe(0);
  await expect.poll(() => agent.turns.length, PATIENT).toBe(1);
  answerTurn(agent.turns[0]!);
  await settled(session);
  expect(agent.turns.length).toBe(1);
  expect(session.state.messages.list().map(({ text }) => text)).toEqual(['one', 'Answer to one']);
});

it('a message whose key comes again is sent once, and another message under the key is refused', async () => {
  const agent = createFakeAgent();
  const sessions = await openTestSessions(agent);
  const session = await sessions.create({ owner });
  const message = { text: 'once', sent: { key: 'key', digest: 'once' } };
  const [one, two] = await Promise.all([session.send(message), session.send(message)]);
  await settled(session);
  const three = await session.send(message);
  expect([two, three]).toEqual([one, one]);
  await expect(session.send({ text: 'other', sent: { key: 'key', digest: 'other' } })).rejects.toMatchObject({
    code: 'idempotency_mismatch',
  });
  expect(agent.turns.length).toBe(1);
});

it('a turn that is interrupted leaves the session idle, and a failed one leaves its error', async () => {
  const agent = createFakeAgent(() => {});
  const sessions = await openTestSessions(agent);
  const session = await sessions.create({ owner });
  const { turnId } = await session.send({ text: 'one' });
  await expect.poll(() => agent.turns.length, PATIENT).toBe(1);
  await session.interrupt();
  expect(describeSession(session)).toMatchObject({ status: 'idle', last_error: null });
  expect(lastEnd(session)).toMatchObject({
    turn_id: turnId,
    status: 'interrupted',
  });
  await session.send({ text: 'two' });
  await expect.poll(() => agent.turns.length, PATIENT).toBe(2);
  agent.turns[1]!.end('failed', 'The provider is away.');
  await settled(session);
  expect(describeSession(session)).toMatchObject({ status: 'error', last_error: 'The provider is away.' });
  await session.interrupt();
});

it('a turn that takes too long is ended, and waiting for a person does not count', async () => {
  const decided: string[] = [];
  const agent = createFakeAgent(async (turn) => {
    decided.push(await turn.ask());
    if (turn.text === 'quick') answerTurn(turn);
  });
  const sessions = await openTestSessions(agent, { turnTimeoutMs: 150 });
  const session = await sessions.create({ owner, review: 'commands' });
  await session.send({ text: 'quick' });
  await expect.poll(() => describeSession(session).pending_approvals.length, PATIENT).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 300));
  await session.answer(undefined, { decision: 'allow' });
  await settled(session);
  expect(describeSession(session)).toMatchObject({ status: 'idle', last_error: null });
  await session.send({ text: 'slow' });
  await expect.poll(() => describeSession(session).pending_approvals.length, PATIENT).toBe(1);
  await session.answer(undefined, { decision: 'allow' });
  await settled(session);
  expect(describeSession(session).last_error).toContain('longer than');
  expect(decided).toEqual(['allow', 'allow']);
});

it('a turn that ends before its agent is ready ends at once, and is never begun', async () => {
  const agent = createFakeAgent();
  const { start } = agent.engine;
  agent.engine.start = async (...given) => {
    const thread = await start(...given);
    const never = new Promise<string>(() => {});
    return { ...thread, startTurn: async (_turn, signal = NEVER_ABORTED) => await abortable(never, signal) };
  };
  const sessions = await openTestSessions(agent, { turnTimeoutMs: 500 });
  const session = await sessions.create({ owner });
  await session.send({ text: 'stopped' });
  await session.interrupt();
  await settled(session);
  expect(lastEnd(session)).toMatchObject({ status: 'interrupted' });
  expect(describeSession(session)).toMatchObject({ status: 'idle', last_error: null });
  await session.send({ text: 'late' });
  await settled(session);
  expect(describeSession(session).last_error).toContain('longer than');
  expect(agent.turns).toEqual([]);
});

it('a session of one caller is not found by another, and is listed until it is deleted', async () => {
  const agent = createFakeAgent(() => {});
  const sessions = await openTestSessions(agent);
  const session = await sessions.create({ owner, context: { context_name: 'Homepage' } });
  await sessions.create({ owner: 'other' });
  await expect(sessions.find(session.id, 'other')).rejects.toMatchObject({ code: 'session_not_found' });
  await session.send({ text: 'one' });
  await expect.poll(() => agent.turns.length, PATIENT).toBe(1);
  await session.send({ text: 'two', mode: 'queue' });
  const { sessions: listed, next } = await sessions.list({ owner, limit: 10 });
  expect(listed).toEqual([
    {
      id: session.id,
      thread_id: expect.any(String),
      status: 'running',
      title: 'Homepage',
      workspace_root: sessions.workspace,
      created_at: expect.any(Number),
      updated_at: expect.any(Number),
      pending: 0,
    },
  ]);
  expect(next).toBeUndefined();
  await sessions.deleteAll(owner);
  expect(agent.calls).toEqual(['start', 'interrupt', 'unload']);
  expect(agent.turns.length).toBe(1);
  expect(sessions.load()).toMatchObject({ active_turns: 0, pending_turns: 0 });
  await expect(sessions.find(session.id, owner)).rejects.toMatchObject({ code: 'session_not_found' });
  expect((await sessions.list({ owner: 'other', limit: 10 })).sessions.length).toBe(1);
});

it('a session that has been idle gives up its thread and its memory, and goes on when it is asked', async () => {
  const agent = createFakeAgent();
  const sessions = await openTestSessions(agent, { idleMs: 20 });
  const session = await sessions.create({ owner });
  await session.send({ text: 'one' });
  await expect.poll(() => agent.calls, PATIENT).toEqual(['start', 'unload']);
  await expect.poll(async () => (await sessions.find(session.id, owner)) === session, PATIENT).toBe(false);
  const again = await sessions.find(session.id, owner);
  await again.send({ text: 'two' });
  await settled(again);
  expect(agent.calls.slice(0, 3)).toEqual(['start', 'unload', 'resume']);
  expect(again.state.messages.list().length).toBe(4);
});

it('a fork goes on from a turn with the messages until then', async () => {
  const agent = createFakeAgent();
  const sessions = await openTestSessions(agent);
  const session = await sessions.create({ owner });
  await expect(sessions.fork(session, undefined)).rejects.toMatchObject({ code: 'session_conflict' });
  const first = await session.send({ text: 'one' });
  await settled(session);
  await session.send({ text: 'two' });
  await settled(session);
  const fork = await sessions.fork(session, first.turnId);
  expect(agent.calls.at(-1)).toBe(`fork ${session.state.facts.threadId} ${agent.turns[0]!.id}`);
  expect(describeSession(fork)).toMatchObject({
    messages: [{ text: 'one' }, { text: 'Answer to one' }],
    title: 'Fork of one',
    status: 'idle',
    thread_id: expect.any(String),
  });
  expect(fork.state.facts.threadId).not.toBe(session.state.facts.threadId);
  await expect(sessions.fork(session, 'unknown')).rejects.toMatchObject({ code: 'turn_not_found' });
  const all = await sessions.fork(session, undefined);
  expect(all.state.messages.list().length).toBe(4);
});

it('one session of two that are created at once gets a thread', async () => {
  const sessions = await openTestSessions(createFakeAgent());
  const given = { owner: 'main', threadId: crypto.randomUUID() };
  const created = await Promise.allSettled([sessions.create(given), sessions.create(given)]);
  expect(created.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
});
