import { expect, it } from 'vitest';
import { assistantOf, readCodexCall, takeIdempotencyKey } from '../../../src/tools/mcp/call-facts.ts';
import { createFakeTool } from '../../support/fake-tool.ts';

it('the assistant is known by the name of the client', () => {
  expect(
    ['codex-mcp-client', 'github-copilot-developer', 'Visual Studio Code', 'claude-code', undefined].map(
      assistantOf,
    ),
  ).toEqual(['codex', 'copilot', 'copilot', 'script', 'script']);
});

it('thread, turn and call of Codex are read, as an object or as its JSON, and odd ones are left out', () => {
  const turn = { thread_id: 't1', turn_id: 'u1', model: 'm' };
  const known = { threadId: 't1', turnId: 'u1', callId: 'c1' };
  expect(readCodexCall({ callId: 'c1', 'x-codex-turn-metadata': turn })).toEqual(known);
  expect(readCodexCall({ callId: 'c1', 'x-codex-turn-metadata': JSON.stringify(turn) })).toEqual(known);
  const odd = { callId: 'a b', 'x-codex-turn-metadata': '{', threadId: ['x'] };
  expect(readCodexCall(odd)).toEqual({ threadId: '', turnId: '', callId: '' });
  expect(readCodexCall(undefined)).toEqual({ threadId: '', turnId: '', callId: '' });
});

it('a call of Codex has its own idempotency key, unless the arguments have one', () => {
  const { tool } = createFakeTool();
  const codex = { threadId: 't1', turnId: 'u1', callId: 'c1' };
  expect(takeIdempotencyKey(tool, { title: 'x' }, codex)).toEqual({
    rest: { title: 'x' },
    key: 'codex:t1:c1',
  });
  expect(takeIdempotencyKey(tool, { title: 'x', idempotency_key: 'k' }, codex)).toEqual({
    rest: { title: 'x' },
    key: 'k',
  });
  expect(takeIdempotencyKey(tool, { title: 'x' }, undefined).key).toBeUndefined();
  expect(takeIdempotencyKey(tool, { title: 'x' }, { ...codex, callId: '' }).key).toBeUndefined();
  const wrong = takeIdempotencyKey(tool, { title: 'x', idempotency_key: 1 }, codex);
  expect(wrong).toMatchObject({ rest: { title: 'x' }, key: undefined, fault: { code: 'invalid_value' } });
  const { gate: _gate, ...harmless } = tool;
  expect(takeIdempotencyKey(harmless, { idempotency_key: 'k' }, codex)).toEqual({
    rest: { idempotency_key: 'k' },
    key: undefined,
  });
});
