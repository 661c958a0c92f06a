import { expect, it } from 'vitest';
import { createUnreadLines, IGNORE_ALL } from '../../../src/codex/protocol/notifications.ts';

const isUnread = createUnreadLines(
  { ...IGNORE_ALL, 'turn/started': 'heard', 'account/updated': 'heard' },
  (threadId) => threadId === 'heard',
);

it.each([
  '{"method":"turn/completed","params":{"threadId":"heard"}}',
  '{"method":"turn/completed"}',
  '{"method":"turn/started","params":{"threadId":"another","turn":{}}}',
])('the line %s has no reader', (line) => {
  expect(isUnread(line)).toBe(true);
});

it.each([
  '{"method":"turn/started","params":{"threadId":"heard","turn":{}}}',
  // The thread is not where the app-server writes it, or its id is written in another way.
  '{"method":"turn/started","params":{"turn":{},"threadId":"another"}}',
  String.raw`{"method":"turn/started","params":{"threadId":"\u0068eard"}}`,
  '{"method":"account/updated","params":{}}',
  // Requests, replies and whatever is not known.
  '{"method":"item/tool/call","id":1,"params":{"threadId":"another"}}',
  '{"method":"turn/completed-soon","params":{"threadId":"another"}}',
  '{"method":"constructor","params":{}}',
  '{"id":1,"result":{}}',
  '{"params":{},"method":"turn/completed"}',
  'garbage',
  '{"method":"turn/st',
])('the line %s is read', (line) => {
  expect(isUnread(line)).toBe(false);
});
