import { existsSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { GatewayError } from '../../src/base/errors.ts';
import { describeSession } from '../../src/sessions/describe-session.ts';
import { createTurnHistory, type TurnHistory } from '../../src/sessions/workspace/history/turn-history.ts';
import { createFakeAgent } from '../support/fake-agent.ts';
import { openTestSessions, PATIENT, sessionsHome } from '../support/open-test-sessions.ts';

/** Opens a session in which each message begins a turn, over parts that a test has changed. */
async function openSession(
  change: (history: TurnHistory) => Partial<TurnHistory>,
  agent = createFakeAgent(),
) {
  const home = sessionsHome();
  const folder = `${home.state}/turns`;
  const limits = { files: 20_000, bytes: 2e8, fileBytes: 5e7, days: 14 };
  const history = createTurnHistory({ folder, limits, leftOut: [] });
  const sessions = await openTestSessions(agent, { home, history: { ...history, ...change(history) } });
  const session = await sessions.create({ owner: 'main' });
  const settled = async () => await expect.poll(() => session.isBusy, PATIENT).toBe(false);
  const kept = () =>
    ['begun', 'ended'].flatMap((name) =>
      existsSync(`${folder}/${name}`) ? readdirSync(`${folder}/${name}`) : [],
    );
  return { agent, sessions, session, settled, kept };
}

it('the workspace is looked at while the thread is opened, and the turn starts once both are done', async () => {
  const [looking, opened, looked] = Array.from({ length: 3 }, () => Promise.withResolvers<void>());
  const agent = createFakeAgent();
  const { start } = agent.engine;
  agent.engine.start = async (...given) => {
    await looking!.promise;
    const thread = await start(...given);
    opened!.resolve();
    return thread;
  };
  const { session, settled } = await openSession(
    (history) => ({
      async begin(...given) {
        looking!.resolve();
        await looked!.promise;
        await history.begin(...given);
      },
    }),
    agent,
  );
  await session.send({ text: 'one' });
  await opened!.promise;
  await new Promise(setImmediate);
  expect(agent.turns).toEqual([]);
  looked!.resolve();
  await settled();
  expect(agent.turns.map(({ text }) => text)).toEqual(['one']);
});

it('nothing is kept of a workspace whose turn could not start, since its thread cannot be opened', async () => {
  const begun = Promise.withResolvers<void>();
  const agent = createFakeAgent();
  agent.engine.start = async () => {
    await begun.promise;
    throw new GatewayError('codex_unavailable', 'Codex is away.');
  };
  const { session, settled, kept } = await openSession(
    (history) => ({
      async begin(...given) {
        await history.begin(...given);
        expect(kept()).toHaveLength(1);
        begun.resolve();
      },
    }),
    agent,
  );
  const { turnId } = await session.send({ text: 'one' });
  await settled();
  expect(describeSession(session)).toMatchObject({ status: 'error', last_error: 'Codex is away.' });
  expect(kept()).toEqual([]);
  expect(await session.diff(turnId)).toMatchObject({ diff: '', files: [] });
});

it('a thread that cannot be opened ends the look at a large workspace', async () => {
  const agent = createFakeAgent();
  agent.engine.start = async () => {
    throw new GatewayError('codex_unavailable', 'Codex is away.');
  };
  const { session, settled } = await openSession(
    () => ({
      begin: (_turnId, _workspace, signal) =>
        new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason))),
    }),
    agent,
  );
  await session.send({ text: 'one' });
  await settled();
  expect(session.state.facts.lastError).toBe('Codex is away.');
});

it('a deleted session leaves nothing of its workspace behind, also of a turn that ran until then', async () => {
  const agent = createFakeAgent(() => {});
  const { session, sessions, kept } = await openSession(() => ({}), agent);
  await session.send({ text: 'one' });
  await expect.poll(() => agent.turns.length, PATIENT).toBe(1);
  expect(kept()).toHaveLength(1);
  await sessions.delete(session.id, 'main');
  expect(kept()).toEqual([]);
});
