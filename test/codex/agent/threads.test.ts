import { describe, expect, it } from 'vitest';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import { act, patchOf } from '../../support/agent-upstream.ts';
import { openTestThread, useTestAgent } from '../../support/test-agent.ts';
import { say } from '../../support/upstream.ts';

/** Tools with which an agent would start turns that nobody has asked for. */
const OWN_TURNS = /spawn_agent|create_goal/;

describe('the threads of an agent', () => {
  const agent = useTestAgent();

  const lastTexts = () =>
    agent.upstream.requests
      .at(-1)!
      .body.input.flatMap(({ content }) => content?.map(({ text }) => text) ?? []);

  it('are reviewed, shortened, forked and found, and go on after they were unloaded', async () => {
    const before = agent.config();
    const { engine, upstream, workspace } = agent;
    const opened = await agent.open();
    const { thread } = opened;
    expect(thread).toMatchObject({ model: 'gpt-5.5', workspace });

    upstream.use(say('First answer.'));
    const first = await opened.run({ input: [{ type: 'text', text: 'First question.' }] });
    expect(first).toMatchObject({ status: 'completed' });
    expect(upstream.requests.at(-1)!.text.match(OWN_TURNS)).toBeNull();

    upstream.use(say('Nothing to find.'));
    const reviewed = opened.next('turn-completed');
    const turnId = await thread.startReview({ type: 'custom', instructions: 'Look at the names.' });
    expect(await reviewed).toMatchObject({ turnId, status: 'completed' });
    expect(lastTexts().join()).toContain('Look at the names.');
    expect(opened.events).toContainEqual(
      expect.objectContaining({
        type: 'item-completed',
        item: expect.objectContaining({ type: 'exitedReviewMode', review: 'Nothing to find.' }),
      }),
    );

    const forked = await openTestThread(upstream, (listener) =>
      engine.fork(thread.id, { workspace, lastTurnId: first.turnId }, listener, NEVER_ABORTED),
    );
    expect(forked.thread.id).not.toBe(thread.id);
    expect(forked.thread.model).toBe('gpt-5.5');
    await forked.run({ input: [{ type: 'text', text: 'Another way.' }] });
    expect(lastTexts()).toEqual(expect.arrayContaining(['First question.', 'First answer.', 'Another way.']));
    expect(lastTexts()).not.toContain('Nothing to find.');

    const compacted = opened.next('turn-completed');
    const begun = opened.next('turn-started');
    await thread.startCompaction();
    expect(await compacted).toMatchObject({ turnId: (await begun).turnId, status: 'completed' });

    await thread.unload();
    const resumed = await agent.open({ model: undefined }, thread.id);
    expect(resumed.thread).toMatchObject({ id: thread.id, model: 'gpt-5.5', workspace });
    await resumed.run({ input: [{ type: 'text', text: 'Once more.' }] });
    expect(lastTexts()).toEqual(expect.arrayContaining(['First question.', 'Once more.']));

    const kept = { id: thread.id, workspace, title: 'First question.', provider: 'scripted' };
    expect(await engine.findThread(thread.id.toUpperCase(), NEVER_ABORTED)).toMatchObject(kept);
    const page = await engine.listThreads({ workspace, limit: 1 }, NEVER_ABORTED);
    expect(page.threads).toMatchObject([kept]);
    const { threads } = await engine.listThreads({ workspace, limit: 10, cursor: page.next }, NEVER_ABORTED);
    expect(threads).toMatchObject([{ id: forked.thread.id }]);
    const elsewhere = await engine.listThreads({ workspace: agent.state, limit: 10 }, NEVER_ABORTED);
    expect(elsewhere).toEqual({ threads: [], next: undefined });
    expect(agent.config()).toBe(before);
  });

  it('that do not exist are not found, and cannot be resumed', async () => {
    const unknown = crypto.randomUUID();
    expect(await agent.engine.findThread(unknown, NEVER_ABORTED)).toBeUndefined();
    expect(await agent.engine.findThread('not-an-id', NEVER_ABORTED)).toBeUndefined();
    const error = { code: 'thread_not_found', message: 'There is no such Codex thread.' };
    await expect(agent.open({}, unknown)).rejects.toMatchObject(error);
    await expect(agent.open({}, 'not-an-id')).rejects.toMatchObject(error);
    expect(agent.log.lines.join()).toContain('thread/resume');
  });

  it('with a provider of their own need it again, and can get another key', async () => {
    const provider = { id: 'own', baseUrl: agent.upstream.baseUrl, key: 'first-key-of-a-session' };
    const { thread, run } = await agent.open({ provider });
    agent.upstream.use(say('Done.'));
    await run();
    expect(agent.upstream.requests.at(-1)!.headers.authorization).toBe('Bearer first-key-of-a-session');
    await thread.unload();

    await expect(agent.open({}, thread.id)).rejects.toMatchObject({ code: 'provider_key_missing' });
    const resumed = await agent.open({ provider: { ...provider, key: 'second-key' } }, thread.id);
    await resumed.run();
    expect(agent.upstream.requests.at(-1)!.headers.authorization).toBe('Bearer second-key');
  });

  it('make a plan and ask questions when they may, and edit again in the turn after a plan', async () => {
    const opened = await agent.open();
    agent.upstream.use(say('Here it is.\n<proposed_plan>\n- one\n</proposed_plan>\n'));
    await opened.run({ isPlan: true });
    expect(opened.events).toContainEqual(
      expect.objectContaining({
        type: 'item-completed',
        item: expect.objectContaining({ type: 'plan', text: '- one\n' }),
      }),
    );

    opened.use(({ kind }) => ({
      decision: 'allow',
      ...(kind === 'question' && { answers: { q1: ['Blue'] } }),
    }));
    const options = ['Red', 'Blue'].map((label) => ({ label, description: label }));
    const questions = [{ id: 'q1', header: 'Colour', question: 'Which colour?', options }];
    const ask = { function: 'request_user_input', arguments: { questions } };
    const plan = { plan: [{ step: 'Paint.', status: 'in_progress' }] };
    const [answer] = await opened.call([ask, { function: 'update_plan', arguments: plan }]);
    expect(answer).toContain('Blue');
    expect(opened.events).toContainEqual(
      expect.objectContaining({
        type: 'plan-updated',
        plan: { explanation: null, steps: [{ step: 'Paint.', status: 'inProgress' }] },
      }),
    );
    const [edited] = await opened.call([patchOf('*** Add File: after-the-plan.txt', '+x')]);
    expect(edited).toContain('Success');
    expect(opened.requests.map(({ kind }) => kind)).toEqual(['question', 'edit']);
  });

  it('take a further message while a turn runs, and refuse it otherwise', async () => {
    const opened = await agent.open();
    const asked = Promise.withResolvers<void>();
    opened.use(() => {
      asked.resolve();
      return undefined;
    });
    agent.upstream.use(act([patchOf('*** Add File: steered.txt', '+x')], 'Done.'));
    const end = opened.next('turn-completed');
    const input = [{ type: 'text' as const, text: 'Go.' }];
    const turnId = await opened.thread.startTurn({ input, review: 'edits', sandbox: 'workspace-write' });
    await asked.promise;
    await opened.thread.steer(turnId, [{ type: 'text', text: 'In blue, please.' }]);
    opened.requests[0]!.answer({ decision: 'deny' });
    await end;
    expect(lastTexts()).toContain('In blue, please.');
    await expect(opened.thread.steer(turnId, input)).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'No turn is running that takes a further message.',
    });
    // It has ended already.
    await opened.thread.interrupt(turnId);
  });

  it('know the models and the account of the user', async () => {
    expect(await agent.engine.readAccount(NEVER_ABORTED)).toEqual({ type: 'not-needed' });
    const models = await agent.engine.listModels(NEVER_ABORTED);
    expect(models).toContainEqual(expect.objectContaining({ id: 'gpt-5.5', isDefault: false }));
    expect(models.filter(({ isDefault }) => isDefault)).toHaveLength(1);
  });
});
