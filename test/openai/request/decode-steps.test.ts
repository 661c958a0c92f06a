import { expect, it } from 'vitest';
import type { Steps } from '../../../src/base/async/steps.ts';
import { encodeTools } from '../../../src/codex/chat/encode/encode-tools.ts';
import { decodeChatRequest } from '../../../src/openai/chat/decode.ts';
import { decodeNewItems } from '../../../src/openai/conversations/decode.ts';
import { decodeCompactRequest } from '../../../src/openai/responses/request/decode-compact.ts';
import { decodeInputTokensRequest } from '../../../src/openai/responses/request/decode-input-tokens.ts';
import { decodeResponsesRequest } from '../../../src/openai/responses/request/decode.ts';
import { referencesOf, unseal } from '../../support/decode-response.ts';

const COUNT = 1000;
const POLICY = { strict: false, enforceMaxTokens: false, stores: true };

const list = <T>(make: (index: number) => T) => Array.from({ length: COUNT }, (_, index) => make(index));
const message = (index: number) => ({ type: 'message', role: 'user', content: `message ${index}` });
const messages = list(message);
const history = list((index) => ({ ...message(index), id: `msg_${index}` }));
const tools = list((index) => ({ type: 'function', name: `tool_${index}`, parameters: {} }));

const chat = (body: object) => decodeChatRequest({ model: 'm', ...body }, POLICY);
const response = (body: object, said: typeof history = []) =>
  decodeResponsesRequest(
    { model: 'm', input: 'hello', ...body },
    POLICY,
    referencesOf({ history: said }),
    unseal,
  );
const nothing = referencesOf({});

function countSteps(steps: Steps<unknown>): number {
  let count = 0;
  while (!steps.next().done) count += 1;
  return count;
}

it.each<[string, () => Steps<unknown>]>([
  ['messages of a chat', () => chat({ messages })],
  ['items sent to chat completions', () => chat({ input: messages })],
  ['tools of a chat', () => chat({ messages: [message(0)], tools })],
  [
    'functions of a chat',
    () => chat({ messages: [message(0)], functions: tools.map(({ name }) => ({ name })) }),
  ],
  ['items of a response', () => response({ input: messages })],
  ['tools of a response', () => response({ tools })],
  ['items of the history', () => response({}, history)],
  [
    'items of a compaction',
    () => decodeCompactRequest({ model: 'm', input: messages }, POLICY, nothing, unseal),
  ],
  [
    'items to count',
    () => decodeInputTokensRequest({ model: 'm', input: messages }, POLICY, nothing, unseal),
  ],
  [
    'items of a conversation that grows',
    () => decodeNewItems({ items: [message(0)] }, POLICY, { references: referencesOf({ history }), unseal }),
  ],
  [
    'tools for the app-server',
    () =>
      encodeTools(
        tools.map((tool) => ({ ...tool, description: undefined, strict: false, path: 'tools[0]' })),
      ),
  ],
])('gives way to other requests between %s', (_name, start) => {
  expect(countSteps(start())).toBeGreaterThanOrEqual(COUNT);
});
