import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFakeAgent } from '../support/fake-agent.ts';
import { answerTurn } from '../support/fake-turn.ts';
import { openTestSessions, PATIENT, sessionsHome } from '../support/open-test-sessions.ts';
import { createTurnHistory } from '../../src/sessions/workspace/history/turn-history.ts';
import type { Session } from '../../src/sessions/session.ts';

const owner = 'main';

/** Sends a message whose turn writes its text into a file of its name. */
async function write(session: Session, name: string, text: string): Promise<string> {
  const { turnId } = await session.send({ text: `${name}=${text}` });
  await expect.poll(() => session.isBusy, PATIENT).toBe(false);
  return turnId;
}

it('the diff shows what turns changed on disk, an undo puts it back, and the next message tells the thread', async () => {
  const agent = createFakeAgent((turn) => {
    const [name, text] = turn.text.split('\n').at(-1)!.split('=');
    writeFileSync(join(turn.workspace, name!), `${text}\n`);
    answerTurn(turn);
  });
  const sessions = await openTestSessions(agent);
  const file = (name: string) => join(sessions.workspace, name);
  writeFileSync(file('a'), 'zero\n');
  const session = await sessions.create({ owner });
  const first = await write(session, 'a', 'one');
  const second = await write(session, 'b', 'two');
  expect((await session.diff(undefined)).files.map(({ path, change }) => [path, change])).toEqual([
    ['a', 'edited'],
    ['b', 'created'],
  ]);
  const { diff } = await session.diff(first);
  expect(diff).toContain('-zero');
  expect(diff).not.toContain('two');
  await expect(session.diff('unknown')).rejects.toMatchObject({ code: 'turn_not_found' });

  writeFileSync(file('b'), 'foreign\n');
  await expect(session.undo(first)).rejects.toMatchObject({
    code: 'undo_conflict',
    message: expect.stringContaining('b'),
  });
  expect(readFileSync(file('a'), 'utf8')).toBe('one\n');
  writeFileSync(file('b'), 'two\n');
  expect(await session.undo(first)).toEqual({ turnIds: [first, second], files: ['a', 'b'] });
  expect(readFileSync(file('a'), 'utf8')).toBe('zero\n');
  expect(existsSync(file('b'))).toBe(false);
  expect(session.events.latest().at(-1)).toMatchObject({
    type: 'turn.undone',
    turn_id: first,
    files: ['a', 'b'],
  });
  await expect(session.undo(second)).rejects.toMatchObject({ code: 'turn_not_found' });
  expect((await session.diff(undefined)).files).toEqual([]);

  await write(session, 'c', 'three');
  expect(agent.turns.at(-1)!.text).toMatch(/^Note: .*\n- a\n- b\nc=three$/);
  await write(session, 'c', 'four');
  expect(agent.turns.at(-1)!.text).toBe('c=four');
});

it('what a limit leaves out is named at the end of the turn and beside its diff, and an undo that needs it is refused', async () => {
  const agent = createFakeAgent((turn) => {
    writeFileSync(join(turn.workspace, 'large'), 'y'.repeat(200));
    writeFileSync(join(turn.workspace, 'small'), 'after');
    answerTurn(turn);
  });
  const home = sessionsHome();
  const history = createTurnHistory({
    folder: join(home.state, 'small'),
    limits: { files: 100, bytes: 1_000, fileBytes: 100, days: 1 },
    leftOut: [],
  });
  const sessions = await openTestSessions(agent, { home, history });
  writeFileSync(join(sessions.workspace, 'large'), 'x'.repeat(200));
  const session = await sessions.create({ owner });
  const { turnId } = await session.send({ text: 'one' });
  await expect.poll(() => session.isBusy, PATIENT).toBe(false);
  const [skipped] = session.events
    .latest()
    .flatMap((event) => (event.type === 'turn.completed' ? [event.undo_skipped] : []));
  expect(skipped).toContainEqual({ path: 'large', reason: 'file_too_large' });
  expect((await session.diff(turnId)).undoSkipped).toContainEqual({
    path: 'large',
    reason: 'file_too_large',
  });
  await expect(session.undo(turnId)).rejects.toMatchObject({
    code: 'undo_conflict',
    message: expect.stringContaining('large'),
  });
  expect(readFileSync(join(sessions.workspace, 'small'), 'utf8')).toBe('after');
});

it('an undo while a turn runs is refused, and ends the commands that outlive their turn', async () => {
  const agent = createFakeAgent(() => {});
  const sessions = await openTestSessions(agent);
  const session = await sessions.create({ owner });
  const { turnId } = await session.send({ text: 'one' });
  await expect.poll(() => agent.turns.length, PATIENT).toBe(1);
  await expect(session.undo(turnId)).rejects.toMatchObject({ code: 'session_conflict' });
  answerTurn(agent.turns[0]!);
  await expect.poll(() => session.isBusy, PATIENT).toBe(false);
  expect(await session.undo(turnId)).toEqual({ turnIds: [turnId], files: [] });
  expect(agent.calls).toEqual(['start', 'endCommands']);
});

it('an undo puts back what its own turns changed, and nothing of another session that worked in the folder at the same time', async () => {
  const agent = createFakeAgent(() => {});
  const sessions = await openTestSessions(agent);
  const file = (name: string) => join(sessions.workspace, name);
  const patch = (index: number, name: string, text: string) => {
    const turn = agent.turns[index]!;
    writeFileSync(file(name), text);
    const changes = [{ path: file(name), kind: { type: 'add' }, diff: text }];
    const item = { id: crypto.randomUUID(), type: 'fileChange', status: 'completed', changes };
    turn.emit({ type: 'item-completed', turnId: turn.id, item });
  };
  const [one, other] = [await sessions.create({ owner }), await sessions.create({ owner })];
  const { turnId } = await one.send({ text: 'one' });
  await expect.poll(() => agent.turns.length, PATIENT).toBe(1);
  const { turnId: otherId } = await other.send({ text: 'other' });
  await expect.poll(() => agent.turns.length, PATIENT).toBe(2);
  patch(0, 'mine', 'mine');
  patch(0, 'both', 'mine');
  patch(1, 'theirs', 'theirs');
  answerTurn(agent.turns[0]!);
  await expect.poll(() => one.isBusy, PATIENT).toBe(false);
  patch(1, 'both', 'theirs');
  answerTurn(agent.turns[1]!);
  await expect.poll(() => other.isBusy, PATIENT).toBe(false);
  const paths = async (session: Session) => (await session.diff(undefined)).files.map(({ path }) => path);
  expect(await paths(one)).toEqual(['both', 'mine']);
  expect(await paths(other)).toEqual(['both', 'theirs']);
  await expect(other.undo(otherId)).rejects.toMatchObject({ code: 'undo_conflict' });
  await expect(one.undo(turnId)).rejects.toMatchObject({ code: 'undo_conflict' });
  writeFileSync(file('both'), 'mine');
  expect((await one.undo(turnId)).files).toEqual(['both', 'mine']);
  expect(readFileSync(file('theirs'), 'utf8')).toBe('theirs');
});
