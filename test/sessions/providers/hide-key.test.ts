import { expect, it } from 'vitest';
import { hideKey } from '../../../src/sessions/providers/hide-key.ts';

const failed = (error: string) =>
  ({ type: 'turn-completed', turnId: 'turn-completed', status: 'failed', error }) as const;

it.each(['sk-0123456789', 'a"b\\c]}],', 'turn-completed'])(
  'the key %j is in no event, and no event is broken by it',
  (key) => {
    expect(hideKey([failed(`Wrong key: ${key}.`)], key)).toEqual([failed('Wrong key: [key].')]);
  },
);

it.each([':', 't', '"', 'ollama'])('the word %j that a provider only wants to see is not a secret', (key) => {
  expect(hideKey([failed('Not there: "the" ollama.')], key)).toEqual([failed('Not there: "the" ollama.')]);
});
