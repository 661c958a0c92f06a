import { expect, it } from 'vitest';
import { resumeThread } from '../../../src/codex/agent/open-thread.ts';
import { RpcError } from '../../../src/codex/protocol/rpc-error.ts';
import { createScriptedConnection } from '../../support/scripted-app-server.ts';

/** Resumes a thread at an app-server that refuses it with each of the messages, and then has it. */
function resume(...refusals: readonly string[]) {
  const left = [...refusals];
  const connection = createScriptedConnection((method) => {
    const words = left.shift();
    if (words !== undefined) throw new RpcError('refused', method, words);
    return { thread: { id: 't' } };
  });
  return resumeThread(connection, 't', {} as Parameters<typeof resumeThread>[2]);
}

it('a thread that an app-server still unloads is loaded after that', async () => {
  const opened = await resume('thread t already has an active writer', 'thread t is closing; retry');
  expect(opened.thread.id).toBe('t');
});

it('any other refusal counts at once', async () => {
  await expect(resume('no rollout found')).rejects.toThrow('no rollout found');
});
