import { expect, it } from 'vitest';
import { createDraft } from '../../../src/sessions/turns/draft.ts';

const turnId = 't1';
const said = (itemId: string, text: string) => ({ type: 'text-delta', turnId, itemId, text }) as const;
const completed = (id: string, text: string) =>
  ({ type: 'item-completed', turnId, item: { id, type: 'agentMessage', text } }) as const;

it('a draft has everything that was said in the turn, and nothing twice', () => {
  const draft = createDraft();
  draft.hear(said('m1', 'I '));
  draft.hear(said('m1', 'look.'));
  draft.hear(completed('m1', 'I look.'));
  draft.hear(said('m2', 'Done'));
  draft.hear(completed('m2', 'Done'));
  draft.hear(completed('m3', 'Sent whole.'));
  expect(draft.show()).toEqual({ text: 'I look.\n\nDone\n\nSent whole.', leftOut: 0 });
  draft.clear();
  expect(draft.show()).toEqual({ text: '', leftOut: 0 });
});

it.each(['x', 'é', '漢', '😀'])(
  'a draft of %s shows the last 256 kB, and counts the bytes before',
  (sign) => {
    const draft = createDraft();
    const piece = sign.repeat(997);
    for (let count = 0; count < 1_000; count += 1) draft.hear(said('m1', piece));
    const { text, leftOut } = draft.show();
    const bytes = Buffer.byteLength(text);
    expect(bytes).toBeLessThanOrEqual(256 * 1024);
    expect(bytes).toBeGreaterThan(256 * 1024 - 4);
    expect(bytes + leftOut).toBe(Buffer.byteLength(piece) * 1_000);
    expect(text.replaceAll(sign, '')).toBe('');
  },
);
