import { expect, it } from 'vitest';
import { decodeEvent } from '../../../src/codex/agent/decode-event.ts';
import type { AgentNotification } from '../../../src/codex/agent/agent-notifications.ts';

it('a turn that failed says why in one line, without paths, keys and the trace that Codex may add', () => {
  const message =
    'Bearer abcdefghij: the stream to /home/me/x broke off, url: http://host/v1\n  at /usr/lib/rust/panic.rs:1';
  const error = { message, codexErrorInfo: null };
  const turn = { id: 't', status: 'failed', error };
  const ended = { method: 'turn/completed', params: { threadId: 'x', turn } };
  expect(decodeEvent(ended as unknown as AgentNotification)).toEqual({
    type: 'turn-completed',
    turnId: 't',
    status: 'failed',
    error: '…: the stream to … broke off',
  });
});
