import { expect, it } from 'vitest';
import { NEVER_ABORTED } from '../../src/base/async/abort.ts';
import { GatewayError } from '../../src/base/errors.ts';
import type { AgentEngine, AgentThread } from '../../src/conversation/ports/agent.ts';
import { createSessionThread } from '../../src/sessions/session-thread.ts';

/** A session's thread whose engine keeps nothing of it. */
function lostThread(isUncertain: boolean) {
  const started: string[] = [];
  const engine = {
    start: async () => ({ id: 'new' }) as AgentThread,
    resume: async () => {
      throw new GatewayError('thread_not_found', 'There is no such Codex thread.');
    },
  } as Partial<AgentEngine> as AgentEngine;
  const thread = createSessionThread({
    engine,
    id: 'lost',
    options: async () => ({ workspace: '/workspace' }),
    tools: async () => undefined,
    listener: { onEvents() {}, onRequest() {}, onGone() {} },
    isUncertain: () => isUncertain,
    onStarted: (id) => void started.push(id),
  });
  return { thread, started };
}

it('a thread that was not kept, as its first turn was cut off, is started again', async () => {
  const { thread, started } = lostThread(true);
  expect(await thread.open(NEVER_ABORTED)).toMatchObject({ id: 'new' });
  expect(thread.id).toBe('new');
  expect(started).toEqual(['new']);
});

it('a thread with a history that is gone is never replaced in silence', async () => {
  const { thread, started } = lostThread(false);
  await expect(thread.open(NEVER_ABORTED)).rejects.toMatchObject({ code: 'thread_not_found' });
  expect(thread.id).toBe('lost');
  expect(started).toEqual([]);
});
