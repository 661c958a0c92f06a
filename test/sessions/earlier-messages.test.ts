import { expect, it } from 'vitest';
import { GatewayError, type ErrorCode } from '../../src/base/errors.ts';
import { describeContext } from '../../src/sessions/attachments/describe-context.ts';
import { readEarlierMessages } from '../../src/sessions/earlier-messages.ts';
import { undoNote } from '../../src/sessions/session-history.ts';

const failing = (code: ErrorCode) => ({
  readMessages: () => Promise.reject(new GatewayError(code, 'Codex refuses this.')),
});

it('what an earlier session added to the words of its user is not shown as theirs', async () => {
  const texts = [
    undoNote(['b.txt'], undoNote(['a.txt'], null)),
    describeContext({ page: 'Home' }),
    'Hi.',
    'More.',
  ];
  const engine = {
    readMessages: async () => [
      { role: 'user' as const, texts, createdAt: 5 },
      { role: 'assistant' as const, texts: ['Hello.'], createdAt: undefined },
    ],
  };
  expect(await readEarlierMessages(engine, 'thread', 9)).toEqual([
    {
      id: expect.any(String),
      role: 'user',
      text: 'Hi.\n\nMore.',
      attachments: [],
      turn_id: null,
      created_at: 5,
    },
    { id: expect.any(String), role: 'assistant', text: 'Hello.', turn_id: null, created_at: 9 },
  ]);
});

it('a thread whose messages Codex does not list can go on, and one that is gone cannot', async () => {
  expect(await readEarlierMessages(failing('invalid_request'), 'thread', 0)).toEqual([]);
  await expect(readEarlierMessages(failing('thread_not_found'), 'thread', 0)).rejects.toMatchObject({
    code: 'thread_not_found',
  });
});
