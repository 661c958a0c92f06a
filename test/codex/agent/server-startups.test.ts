import { expect, it, onTestFinished, vi } from 'vitest';
import type { McpServerStartupState } from '../../../generated/v2/McpServerStartupState.js';
import { NEVER_ABORTED } from '../../../src/base/async/abort.ts';
import { createServerStartups } from '../../../src/codex/agent/server-startups.ts';

const nothing = { environmentId: null, error: null, failureReason: null };

function create() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const startups = createServerStartups({ beginning: 1_000, end: 10_000 });
  return {
    ...startups,
    say: (threadId: string, status: McpServerStartupState) =>
      startups.follow([
        {
          method: 'mcpServer/startupStatus/updated',
          params: { threadId, name: 'tools', status, ...nothing },
        },
      ]),
    end: (threadId: string, signal = NEVER_ABORTED) => startups.end(threadId, 'tools', signal),
  };
}

it('a server that was ready before its thread was known is not waited for', async () => {
  const { say, end } = create();
  say('a', 'starting');
  say('a', 'ready');
  expect(await end('a')).toBe('ready');
});

it('a server that starts again is waited for again, by all who ask', async () => {
  const { say, end } = create();
  say('a', 'ready');
  say('a', 'starting');
  const ended = [end('a'), end('a')];
  say('b', 'ready');
  await vi.advanceTimersByTimeAsync(5_000);
  say('a', 'failed');
  expect(await Promise.all(ended)).toEqual(['failed', 'failed']);
});

it('a report of the beginning is waited for as long as one may come, and then one of the end', async () => {
  const { say, end } = create();
  const begun = end('a');
  const unknown = end('b');
  await vi.advanceTimersByTimeAsync(900);
  say('a', 'starting');
  await vi.advanceTimersByTimeAsync(100);
  expect(await unknown).toBe('unknown');
  await vi.advanceTimersByTimeAsync(9_000);
  expect(await begun).toBe('timeout');
});

it('a thread that was unloaded begins anew', async () => {
  const { say, end, forget } = create();
  say('a', 'ready');
  forget('a', 'tools');
  const ended = end('a');
  say('a', 'starting');
  say('a', 'cancelled');
  expect(await ended).toBe('cancelled');
});

it('who is interrupted waits no longer, and nobody waits for an app-server that has ended', async () => {
  const { end, close } = create();
  const stopping = new AbortController();
  const stopped = end('a', stopping.signal);
  stopping.abort(new Error('stopped'));
  await expect(stopped).rejects.toThrow('stopped');
  const gone = end('a');
  close();
  expect(await gone).toBe('gone');
  expect(await end('a')).toBe('gone');
  expect(vi.getTimerCount()).toBe(0);
});
