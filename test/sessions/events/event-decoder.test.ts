import { expect, it } from 'vitest';
import { createEventDecoder } from '../../../src/sessions/events/event-decoder.ts';

const turnId = 't1';

function output(text: string) {
  return { type: 'command-output', turnId, itemId: 'c1', text } as const;
}

function ended(aggregatedOutput: string) {
  const item = { id: 'c1', type: 'commandExecution', command: 'make', aggregatedOutput };
  return { type: 'item-completed', turnId, item } as const;
}

it('the output of a command comes as it is written, up to a limit; then the newest part, once a second', () => {
  let time = 0;
  const decoder = createEventDecoder(() => time);
  const block = 'é'.repeat(4_000);
  const pieces = [];
  for (let count = 0; count < 1_000; count += 1) {
    pieces.push(...decoder.decode(output(`${block}${count}`)));
    time += 10;
  }
  const last = decoder.decode(ended(''));
  const outputs = [...pieces, ...last].flatMap(({ type, fields }) =>
    type === 'command.execution.output' ? [fields] : [],
  );
  const shown = outputs.reduce((sum, { delta }) => sum + Buffer.byteLength(delta), 0);
  const leftOut = outputs.reduce((sum, { left_out: bytes }) => sum + bytes, 0);
  const written = Array.from({ length: 1_000 }, (_, count) => `${block}${count}`).join('');
  expect(shown + leftOut).toBe(Buffer.byteLength(written));
  expect(shown).toBeLessThan(512 * 1024);
  expect(outputs[0]).toEqual({ turn_id: turnId, item_id: 'c1', delta: `${block}0`, left_out: 0 });
  // A piece a second, of ten seconds.
  expect(outputs.filter(({ left_out: bytes }) => bytes > 0).length).toBeGreaterThan(8);
  expect(written.endsWith(outputs.at(-1)!.delta)).toBe(true);
});

it('the output of a command that was over at once comes as well, before its end', () => {
  const decoder = createEventDecoder();
  expect(decoder.decode(ended('all of it')).map(({ type, fields }) => [type, fields])).toMatchObject([
    ['command.execution.output', { item_id: 'c1', delta: 'all of it', left_out: 0 }],
    ['item.completed', {}],
  ]);
  decoder.decode(output('a part'));
  expect(decoder.decode(ended('a part')).map(({ type }) => type)).toEqual(['item.completed']);
});

it('output that a busy Codex did not send as it came counts as left out', () => {
  const decoder = createEventDecoder();
  decoder.decode(output('the start, '));
  expect(decoder.decode(ended('the start, then a lost part'))).toMatchObject([
    {
      type: 'command.execution.output',
      fields: { delta: '', left_out: Buffer.byteLength('then a lost part') },
    },
    { type: 'item.completed' },
  ]);
});

it('a piece of output never begins with half of a character', () => {
  const decoder = createEventDecoder(() => 0);
  for (let count = 0; count < 100; count += 1) decoder.decode(output('😀'.repeat(5_000)));
  const [piece] = decoder.decode(ended(''));
  expect(piece).toMatchObject({ type: 'command.execution.output' });
  expect(JSON.stringify(piece)).not.toMatch(/\\ud[89a-f]/i);
});

it('the end of a turn brings the output that was held back', () => {
  const decoder = createEventDecoder(() => 0);
  for (let count = 0; count < 100; count += 1) decoder.decode(output('x'.repeat(8_000)));
  const types = decoder
    .decode({ type: 'turn-completed', turnId, status: 'interrupted' })
    .map(({ type }) => type);
  expect(types).toEqual(['command.execution.output', 'turn.completed']);
});

it('a long text inside an item is shortened and says by how much; what the model has said is whole', () => {
  const decoder = createEventDecoder();
  const command = decoder.decode(ended(`${'x'.repeat(1_000_000)}the end`)).at(-1);
  const { item } = command!.fields as { readonly item: Readonly<Record<string, string | number>> };
  expect(item.aggregatedOutput).toMatch(/^x+the end$/);
  expect((item.aggregatedOutput as string).length + (item.left_out as number)).toBe(1_000_007);
  const text = 'y'.repeat(1_000_000);
  const [message] = decoder.decode({
    type: 'item-completed',
    turnId,
    item: { id: 'm1', type: 'agentMessage', text },
  });
  expect(message!.fields).toEqual({ turn_id: turnId, item: { id: 'm1', type: 'agentMessage', text } });
});

it('a diff that is repeated is one event', () => {
  const decoder = createEventDecoder();
  const update = (diff: string) => decoder.decode({ type: 'diff-updated', turnId, diff }).length;
  expect(['a', 'a', 'b', 'b', 'a'].map(update)).toEqual([1, 0, 1, 0, 1]);
});
