import { expect, it } from 'vitest';
import type { Turn } from '../../../src/conversation/turn.ts';
import type { AnswerFormat } from '../../../src/conversation/turn-request.ts';
import { countRequestTokens } from '../../../src/gateway/answer/count-tokens.ts';

const { signal } = new AbortController();
const TEXT = { type: 'text' } as const;
const said = (text: string) =>
  ({ type: 'message', role: 'user', path: 'input', parts: [{ type: 'text', text }] }) as const;
const TOOL = { name: 'f', description: 'does', parameters: {}, strict: true, path: 'tools[0]' } as const;
const SCHEMA = {
  type: 'object',
  properties: { a: { type: 'string' } },
  required: ['a'],
  additionalProperties: false,
};
const FORMAT = { type: 'json-schema', schema: SCHEMA, path: 'text.format' } as const;

/** Keeps what is counted, and says that it is as many tokens as characters. */
async function counted(turn: Partial<Turn>, format: AnswerFormat = TEXT) {
  const texts: string[] = [];
  const tokenizer = {
    async count(given: readonly string[]) {
      texts.push(...given);
      return given.join('').length;
    },
    head: async (text: string) => ({ text, tokens: 0 }),
  };
  const tokens = await countRequestTokens(
    { turn: { model: 'm', items: [], ...turn }, format },
    tokenizer,
    signal,
  );
  expect(tokens).toBe(texts.join('').length);
  return texts.join(' ');
}

it.each<[name: string, Partial<Turn>, AnswerFormat, string]>([
  ['a message', { items: [said('one'), said('two')] }, TEXT, 'one two'],
  [
    'a call',
    { items: [{ type: 'tool-call', callId: 'c', name: 'f', arguments: '{}', path: 'x' }] },
    TEXT,
    'f {}',
  ],
  ['a tool', { tools: [TOOL] }, TEXT, 'f\ndoes\n{}'],
  [
    'a native tool',
    { passthroughTools: [{ type: 'custom', name: 'f' }] },
    TEXT,
    '{"type":"custom","name":"f"}',
  ],
  ['a response schema', { items: [said('one')] }, FORMAT, `one ${JSON.stringify(SCHEMA)}`],
  ['no tokens for an empty turn', {}, TEXT, ''],
])('counts %s', async (_name, turn, format, expected) => {
  expect(await counted(turn, format)).toBe(expected);
});

it('counts the instructions that are added for the format', async () => {
  expect(await counted({ items: [said('one')] }, { type: 'json-object' })).toContain('JSON object');
});

it('leaves out images and encrypted content', async () => {
  const image = { type: 'image', url: 'data:image/png;base64,AAAA', detail: 'auto', path: 'x' } as const;
  const thought = { type: 'reasoning', summary: [], encrypted_content: 'sealed' };
  const text = await counted({
    items: [
      { type: 'message', role: 'user', path: 'x', parts: [image, { type: 'text', text: 'look' }] },
      { type: 'passthrough', item: thought, path: 'x' },
    ],
  });
  expect(text).toBe('look {"type":"reasoning","summary":[]}');
});
