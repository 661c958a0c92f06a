import { expect, it, onTestFinished, vi } from 'vitest';
import type { McpServerStartupState } from '../../../generated/v2/McpServerStartupState.js';
import { createServerStartups } from '../../../src/codex/agent/server-startups.ts';

const nothing = { environmentId: null, error: null, failureReason: null };

function create() {
  const startups = createServerStartups(1_000);
  return {
    ...startups,
    say: (threadId: string, status: McpServerStartupState) =>
      startups.follow([
        {
          method: 'mcpServer/startupStatus/updated',
          params: { threadId, name: 'tools', status, ...nothing },
        },
      ]),
  };
}

it('a server that was ready before its thread was known is not waited for', async () => {
  const { say, end } = create();
  say('a', 'starting');
  say('a', 'ready');
  expect(await end('a', 'tools')).toBe('ready');
});

it('a server that starts again is waited for again, by all who ask', async () => {
  const { say, end } = create();
  say('a', 'ready');
  say('a', 'starting');
  const ended = [end('a', 'tools'), end('a', 'tools')];
  say('b', 'ready');
  say('a', 'failed');
  expect(await Promise.all(ended)).toEqual(['failed', 'failed']);
});

it('nobody waits for ever, nor for an app-server that has ended', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const { end, close } = create();
  const late = end('a', 'tools');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await late).toBe('timeout');
  const gone = end('a', 'tools');
  close();
  expect(await gone).toBe('gone');
});
