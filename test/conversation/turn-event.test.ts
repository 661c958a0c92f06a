import { expect, it } from 'vitest';
import { isCall, sizeOf, type TurnEvent } from '../../src/conversation/turn-event.ts';

const toolCall: TurnEvent = { type: 'tool-call', callId: 'c', name: 'add', arguments: '{"a":1}' };
const passthrough = (call: boolean): TurnEvent => ({
  type: 'passthrough-item',
  item: { type: 'shell_call' },
  isCall: call,
});

it('counts only events that the caller has to execute as calls', () => {
  expect(isCall(toolCall)).toBe(true);
  expect(isCall(passthrough(true))).toBe(true);
  expect(isCall(passthrough(false))).toBe(false);
  expect(isCall({ type: 'text-delta', text: 'a' })).toBe(false);
});

it.each<[TurnEvent, number]>([
  [{ type: 'progress' }, 0],
  [{ type: 'text-delta', text: 'four' }, 4],
  [{ type: 'commentary-delta', text: 'four' }, 4],
  [{ type: 'reasoning-delta', text: 'four', paragraph: 'p' }, 4],
  [{ type: 'reasoning-end', id: undefined, encrypted: 'seal' }, 4],
  [{ type: 'reasoning-end', id: 'r', encrypted: undefined }, 0],
  [{ type: 'citation', url: 'ab', title: 'cd', start: 0, end: 1 }, 4],
  [toolCall, 10],
  [passthrough(true), '{"type":"shell_call"}'.length],
])('counts the characters of %j beside a fixed overhead', (event, characters) => {
  expect(sizeOf(event) - sizeOf({ type: 'progress' })).toBe(characters);
  expect(sizeOf({ type: 'progress' })).toBeGreaterThan(0);
});
