import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { serveSessions } from '../../support/serve-sessions.ts';

type Served = Awaited<ReturnType<typeof serveSessions>>;

/** Sends a message and waits until its turn has begun. */
async function begin({ ask, engine }: Served, id: string, body: object = { message: 'a' }) {
  const { body: sent } = await ask(`/chat/sessions/${id}/messages`, { body });
  const count = () => engine.threads.reduce((sum, thread) => sum + thread.turns.length, 0);
  const before = count();
  if (before === 0 || sent.ok) await expect.poll(async () => await statusOf({ ask }, id)).toBe('running');
  await expect.poll(count).toBeGreaterThan(0);
  return sent;
}

async function statusOf({ ask }: Pick<Served, 'ask'>, id: string): Promise<string> {
  return (await ask(`/chat/sessions/${id}`)).body.session.status;
}

async function end({ ask, engine }: Served, id: string): Promise<void> {
  engine.thread.finish();
  await expect.poll(async () => await statusOf({ ask }, id)).toBe('idle');
}

describe('a turn', () => {
  it.each(['interrupt', 'cancel'])('is ended by …/%s', async (name) => {
    const served = await serveSessions();
    const { id } = await served.create();
    await begin(served, id);
    await expect.poll(() => served.engine.thread.turns.length).toBe(1);
    const { status, body } = await served.ask(`/chat/sessions/${id}/${name}`, { method: 'POST' });
    expect([status, body.ok, body.session.id]).toEqual([202, true, id]);
    await expect.poll(async () => await statusOf(served, id)).toBe('idle');
  });

  it('takes a further message by …/steer, and refuses one without a text or a turn', async () => {
    const served = await serveSessions();
    const { id } = await served.create();
    const steer = (body: object) => served.ask(`/chat/sessions/${id}/steer`, { body });
    expect((await steer({ message: 'b' })).status).toBe(409);
    const { turn_id: turnId } = await begin(served, id);
    await expect.poll(() => served.engine.thread.turns.length).toBe(1);
    const { status, body } = await steer({ message: 'b' });
    expect([status, body.turn_id]).toEqual([202, turnId]);
    expect(body.session.messages).toMatchObject([{ text: 'a' }, { text: 'b', turn_id: turnId }]);
    expect((await steer({})).body).toEqual({ ok: false, error: "'message' is missing." });
  });

  it('is a review or a compaction, too', async () => {
    const served = await serveSessions();
    const { id } = await served.create();
    const post = (name: string, body: object) => served.ask(`/chat/sessions/${id}/${name}`, { body });
    expect((await post('review', { target: { type: 'commit', sha: 'main' } })).body.error).toContain(
      "'target.sha'",
    );
    const review = await post('review', { target: { type: 'baseBranch', branch: 'main' } });
    expect([review.status, review.body]).toEqual([
      202,
      expect.objectContaining({ ok: true, queue_position: 0, turn_id: expect.any(String) }),
    ]);
    await expect.poll(() => served.engine.threads.at(-1)?.calls).toEqual(['review']);
    await end(served, id);
    expect((await post('compact', {})).status).toBe(202);
    await expect.poll(() => served.engine.thread.calls).toEqual(['review', 'compact']);
    await end(served, id);
  });

  it('that only makes a plan is asked for with the message', async () => {
    const served = await serveSessions();
    const { id } = await served.create();
    await begin(served, id, { message: 'a', plan: true });
    await expect.poll(() => served.engine.thread.turns.at(-1)?.isPlan).toBe(true);
    expect((await served.ask(`/chat/sessions/${id}/plan`)).body).toEqual({ ok: true, plan: null });
    const plan = { explanation: 'why', steps: [{ step: 'one', status: 'inProgress' as const }] };
    served.engine.thread.send({ type: 'plan-updated', turnId: served.engine.thread.turnId, plan });
    expect((await served.ask(`/chat/sessions/${id}/plan`)).body).toEqual({ ok: true, plan });
  });

  it('is shown as a diff and undone', async () => {
    const served = await serveSessions();
    const { ask, engine, root } = served;
    writeFileSync(join(root, 'a.txt'), 'one\n');
    const { id } = await served.create();
    const { turn_id: turnId } = await begin(served, id);
    await expect.poll(() => engine.thread.turns.length).toBe(1);
    writeFileSync(join(root, 'a.txt'), 'two\n');
    mkdirSync(join(root, 'new'));
    writeFileSync(join(root, 'new', 'b.bin'), Buffer.from([0, 1, 2]));
    chmodSync(join(root, 'new', 'b.bin'), 0o755);
    await end(served, id);
    const all = await ask(`/chat/sessions/${id}/diff`);
    expect(all.body).toMatchObject({
      ok: true,
      turn_id: null,
      diff: expect.stringMatching(/--- a\/a\.txt\n\+\+\+ b\/a\.txt\n@@.*@@\n-one\n\+two\n/),
    });
    expect(all.body.files).toEqual(
      expect.arrayContaining([
        { path: 'a.txt', change: 'edited', type: 'file' },
        { path: 'new/b.bin', change: 'created', type: 'file', binary: true },
      ]),
    );
    const one = await ask(`/chat/sessions/${id}/diff?turn=${turnId}`);
    expect(one.body).toEqual({ ...all.body, turn_id: turnId });
    const undo = (turn: unknown) => ask(`/chat/sessions/${id}/undo`, { body: { turn } });
    expect((await undo(undefined)).body).toEqual({ ok: false, error: "'turn' is missing." });
    expect((await undo('unknown')).status).toBe(404);
    const undone = await undo(turnId);
    expect([undone.status, undone.body.turn_ids]).toEqual([200, [turnId]]);
    expect(undone.body.files).toEqual(expect.arrayContaining(['a.txt', 'new/b.bin']));
    expect(readFileSync(join(root, 'a.txt'), 'utf8')).toBe('one\n');
    expect(existsSync(join(root, 'new'))).toBe(false);
    expect((await undo(turnId)).status).toBe(404);
    expect((await ask(`/chat/sessions/${id}/diff?turn=${turnId}`)).status).toBe(404);
  });

  it('that cannot be undone says by 409 which file somebody else has changed', async () => {
    const served = await serveSessions();
    const { id } = await served.create();
    const { turn_id: turnId } = await begin(served, id);
    await expect.poll(() => served.engine.thread.turns.length).toBe(1);
    writeFileSync(join(served.root, 'a.txt'), 'of the agent');
    await end(served, id);
    writeFileSync(join(served.root, 'a.txt'), 'of somebody else');
    const { status, body } = await served.ask(`/chat/sessions/${id}/undo`, { body: { turn: turnId } });
    expect([status, body]).toEqual([409, { ok: false, error: expect.stringContaining('a.txt') }]);
    expect(readFileSync(join(served.root, 'a.txt'), 'utf8')).toBe('of somebody else');
  });
});

describe('a message', () => {
  it('waits in the mode "queue", and can be taken back', async () => {
    const served = await serveSessions();
    const { id } = await served.create();
    await begin(served, id);
    const path = `/chat/sessions/${id}/messages`;
    const waiting = await served.ask(path, { body: { message: 'b', mode: 'queue' } });
    expect(waiting).toMatchObject({ status: 202, body: { queued: true, queue_position: 1 } });
    const messageId = waiting.body.message_id;
    const back = await served.ask(`${path}/${messageId}`, { method: 'DELETE' });
    expect([back.status, back.body.session.messages]).toEqual([
      200,
      [expect.objectContaining({ text: 'a' })],
    ]);
    expect((await served.ask(`${path}/${messageId}`, { method: 'DELETE' })).status).toBe(404);
    const first = back.body.session.messages[0].id;
    expect((await served.ask(`${path}/${first}`, { method: 'DELETE' })).status).toBe(409);
  });

  it('with the Idempotency-Key of an earlier one is not sent again', async () => {
    const served = await serveSessions();
    const { id } = await served.create();
    const send = (message: string, key: string) =>
      served.ask(`/chat/sessions/${id}/messages`, {
        body: { message },
        headers: { 'idempotency-key': key },
      });
    const first = await send('a', 'one');
    const again = await send('a', 'one');
    expect(again).toMatchObject({ status: 202, body: { message_id: first.body.message_id } });
    expect(again.body.session.messages).toHaveLength(1);
    expect((await send('b', 'one')).status).toBe(400);
    expect((await send('b', 'k'.repeat(256))).body.error).toContain('Idempotency-Key');
  });
});

describe('a fork', () => {
  it('is a session of its own with the same choices', async () => {
    const served = await serveSessions();
    const { id } = await served.create({ review: 'none' });
    const fork = (body: object = {}) => served.ask(`/chat/sessions/${id}/fork`, { body });
    expect((await fork()).status).toBe(409);
    await begin(served, id);
    await expect.poll(() => served.engine.thread.turns.length).toBe(1);
    await end(served, id);
    const { status, body } = await fork();
    expect([status, body.session]).toEqual([
      201,
      expect.objectContaining({ review: 'none', thread_id: served.engine.thread.id }),
    ]);
    expect(body.session.id).not.toBe(id);
    expect(body.session.messages).toMatchObject([{ text: 'a' }, { text: 'Done.' }]);
    expect((await fork({ last_turn_id: 'unknown' })).status).toBe(404);
    expect((await fork({ last_turn_id: 5 })).status).toBe(400);
  });
});
