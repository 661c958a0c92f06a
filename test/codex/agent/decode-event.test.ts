import { expect, it } from 'vitest';
import { decodeEvent } from '../../../src/codex/agent/decode-event.ts';
import type { AgentNotification } from '../../../src/codex/agent/agent-notifications.ts';

it('a turn that failed says why in one line, without the trace that Codex may add', () => {
  const error = { message: 'the stream broke off\n  at /usr/lib/rust/panic.rs:1', codexErrorInfo: null };
  const turn = { id: 't', status: 'failed', error };
  const ended = { method: 'turn/completed', params: { threadId: 'x', turn } };
  expect(decodeEvent(ended as unknown as AgentNotification)).toEqual({
    type: 'turn-completed',
    turnId: 't',
    status: 'failed',
    error: 'the stream broke off',
  });
});
