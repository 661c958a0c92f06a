import { describe, expect, it } from 'vitest';
import { toStoredItem, toStoredItems } from '../../../src/openai/items/stored-items.ts';
import { runAtOnce } from '../../support/run-at-once.ts';

const OUTPUT = { call_id: 'a', output: 'x' };

describe('a stored item', () => {
  it.each([
    ['message', { role: 'user', content: [] }, /^msg_\w+$/],
    ['function_call_output', OUTPUT, /^fco_\w+$/],
    ['reasoning', { encrypted_content: 'x' }, /^rs_\w+$/],
    ['foo', {}, /^item_\w+$/],
  ])('has an id with the prefix of its type: %s', (type, item, id) => {
    expect(toStoredItem({ type, item }).id).toMatch(id);
    expect(toStoredItem({ type, item: { ...item, id: '' } }).id).toMatch(id);
    expect(toStoredItem({ type, item: { ...item, id: 'mine' } }).id).toBe('mine');
  });

  it('has a type, and a status if items of its type have one', () => {
    expect(toStoredItem({ type: 'function_call_output', item: OUTPUT })).toMatchObject({
      type: 'function_call_output',
      status: 'completed',
    });
    const cut = { type: 'reasoning', item: { status: 'incomplete' } };
    expect(toStoredItem(cut)).toMatchObject({ status: 'incomplete' });
    expect(toStoredItem({ type: 'compaction', item: {} })).not.toHaveProperty('status');
  });

  it.each([
    ['user', { type: 'input_text', text: 'x' }],
    ['developer', { type: 'input_text', text: 'x' }],
    ['assistant', { type: 'output_text', text: 'x', annotations: [], logprobs: [] }],
  ])('has the text of a message as a part of the right type: %s', (role, part) => {
    expect(toStoredItem({ type: 'message', item: { role, content: 'x' } }).content).toEqual([part]);
    const parts = [{ type: 'text', text: 'x' }];
    expect(toStoredItem({ type: 'message', item: { role, content: parts } }).content).toBe(parts);
  });
});

it('stored items never share an id with each other or with the history', () => {
  const items = ['a', 'b', 'b', 'c'].map((id) => ({ type: 'message', item: { id, role: 'user' } }));
  const ids = runAtOnce(toStoredItems(items, [{ id: 'a' }])).map(({ id }) => id);
  expect(ids).toEqual([expect.stringMatching(/^msg_/), 'b', expect.stringMatching(/^msg_/), 'c']);
  expect(new Set(ids).size).toBe(4);
});
