import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResponseItem } from '../../../../generated/ResponseItem.js';
import { takeFingerprint, type Fingerprint } from '../../../../src/codex/chat/continuation/fingerprint.ts';
import { countHeldItems } from '../../../../src/codex/chat/continuation/held-items.ts';
import { runInSlices } from '../../../../src/base/async/steps.ts';

const fingerprintOf = (item: object) =>
  runInSlices(takeFingerprint(item as ResponseItem), new AbortController().signal);

const message = (text: string, further: object = {}) => ({
  type: 'message',
  role: 'assistant',
  content: [{ type: 'output_text', text }],
  ...further,
});
const call = (args: string, further: object = {}) => ({
  type: 'function_call',
  call_id: 'c',
  name: 'look',
  arguments: args,
  ...further,
});
const output = (value: unknown) => ({ type: 'function_call_output', call_id: 'c', output: value });
const part = (text: string) => ({ type: 'input_text', text });
const image = (url: string, detail = 'original') => ({ type: 'input_image', image_url: url, detail });
const user = (...content: object[]) => ({ type: 'message', role: 'user', content });

describe('two items are the same', () => {
  it.each<[string, object, object]>([
    ['with other ids', message('a', { id: 'msg_1' }), message('a', { id: 'msg_2', status: 'completed' })],
    [
      'with an empty list of annotations',
      message('a'),
      { ...message('a'), content: [{ type: 'output_text', text: 'a', annotations: [] }] },
    ],
    ['if their arguments are the same JSON', call('{"a": 1, "b": [1.0, "x"]}'), call('{"b":[1,"x"],"a":1}')],
    ['if they are calls with other ids of their own', call('{}', { id: 'fc_1' }), call('{}')],
    ['if their reasoning is the same sealed text', reasoning('x', ['a']), reasoning('x', [])],
    ['with images in another detail', user(image('data:a')), user(image('data:a', 'low'))],
  ])('%s', async (_what, one, other) => {
    expect((await fingerprintOf(one)).hash).toBe((await fingerprintOf(other)).hash);
  });
});

describe('two items differ', () => {
  it.each<[string, object, object]>([
    ['in their text', message('a'), message('b')],
    ['in their role', user(part('a')), { ...user(part('a')), role: 'developer' }],
    ['in the parts of their text', user(part('a'), part('b')), user(part('ab'))],
    ['in where one part ends', user(part('ab'), part('c')), user(part('a'), part('bc'))],
    ['in what their text cites', message('a'), withCitation()],
    ['in the value of an argument', call('{"a":1}'), call('{"a":2}')],
    ['in the type of an argument', call('{"a":1}'), call('{"a":"1"}')],
    ['in the order of a list of arguments', call('{"a":[1,2]}'), call('{"a":[2,1]}')],
    ['in a digit of a long number', call('{"a":12345678901234567890}'), call('{"a":12345678901234567891}')],
    ['in arguments that are not JSON', call('{"a"'), call('{"a')],
    ['in the name of the tool', call('{}'), call('{}', { name: 'listen' })],
    ['in the namespace of the tool', call('{}'), call('{}', { namespace: 'n' })],
    ['in the id of the call', call('{}'), call('{}', { call_id: 'd' })],
    ['in the output of a call', output('a'), output('b')],
    ['in the form of an output', output('a'), output([part('a')])],
    ['in the kind of the output', output('a'), { ...output('a'), type: 'custom_tool_call_output' }],
    ['in their sealed reasoning', reasoning('x', []), reasoning('y', [])],
    ['in reasoning that is not sealed', reasoning(null, ['a']), reasoning(null, ['b'])],
    ['in an image', user(image('data:a')), user(image('data:b'))],
  ])('%s', async (_what, one, other) => {
    expect((await fingerprintOf(one)).hash).not.toBe((await fingerprintOf(other)).hash);
  });
});

function reasoning(sealed: string | null, summary: readonly string[]): object {
  return { type: 'reasoning', encrypted_content: sealed, summary: summary.map((text) => ({ text })) };
}

function withCitation(): object {
  const annotations = [{ type: 'url_citation', url: 'https://a.test' }];
  return { ...message('a'), content: [{ type: 'output_text', text: 'a', annotations }] };
}

it('a long text has the same fingerprint whichever pieces it is hashed in', async () => {
  const text = `${'x'.repeat(256 * 1024 - 1)}☕😀${'y'.repeat(300_000)}`;
  const { hash, characters } = await fingerprintOf(message(text));
  expect(hash).toBe((await fingerprintOf(message([text].join('')))).hash);
  expect(hash).not.toBe((await fingerprintOf(message(text.replace('😀', '😁')))).hash);
  expect(characters).toBeGreaterThan(text.length);
});

describe('the items that a thread holds of a conversation', () => {
  const print = (hash: string, further: Partial<Fingerprint> = {}): Fingerprint => ({
    hash,
    phase: undefined,
    isReasoning: false,
    characters: 1,
    ...further,
  });
  const own = (hash: string, further: Partial<Fingerprint> = {}) => ({
    ...print(hash, further),
    isOwn: true,
  });
  const given = (hash: string, further: Partial<Fingerprint> = {}) => ({
    ...print(hash, further),
    isOwn: false,
  });
  const THOUGHT = { isReasoning: true };

  it('may leave out the reasoning of the model, or have it', () => {
    const held = [given('q'), own('r', THOUGHT), own('a')];
    expect(countHeldItems(held, [print('q'), print('a'), print('n')])).toBe(2);
    expect(countHeldItems(held, [print('q'), print('r', THOUGHT), print('a'), print('n')])).toBe(3);
    expect(countHeldItems(held, [print('q'), print('s', THOUGHT), print('a')])).toBeUndefined();
  });

  it('have the reasoning that the client once sent', () => {
    expect(countHeldItems([given('r', THOUGHT), own('a')], [print('a'), print('n')])).toBeUndefined();
  });

  it('may leave out the phase of what the model has said, but of nothing else', () => {
    const phase = 'final_answer';
    expect(countHeldItems([own('a', { phase })], [print('a'), print('n')])).toBe(1);
    expect(countHeldItems([own('a', { phase })], [print('a', { phase }), print('n')])).toBe(1);
    expect(countHeldItems([own('a', { phase })], [print('a', { phase: 'commentary' })])).toBeUndefined();
    expect(countHeldItems([given('a', { phase })], [print('a')])).toBeUndefined();
    expect(countHeldItems([own('a')], [print('a', { phase })])).toBeUndefined();
  });

  it('are counted only if all of them are there, in their order', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 });
    fc.assert(
      fc.property(letters, letters, (one, other) => {
        const isPrefix = one.every((letter, index) => letter === other[index]);
        const count = countHeldItems(
          one.map((letter) => given(letter)),
          other.map((letter) => print(letter)),
        );
        expect(count).toBe(isPrefix ? one.length : undefined);
      }),
    );
  });
});
