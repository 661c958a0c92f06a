import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { abbreviateText, createAbbreviator } from '../../../../src/codex/chat/profile/abbreviate.ts';
import { NdjsonReader } from '../../../../src/codex/protocol/ndjson-reader.ts';

/** Feeds bytes to a reader that abbreviates every line, in pieces cut at the given indexes. */
function read(bytes: Buffer, cuts: readonly number[]): object[] {
  const stream = new PassThrough();
  const messages: object[] = [];
  const reader = new NdjsonReader(stream, {
    classifyLine: createAbbreviator,
    onNotifications: (batch) => messages.push(...batch),
    onRequest: (request) => messages.push(request),
  });
  reader.listen((message) => messages.push(message));
  const indexes = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  for (const [index, start] of indexes.slice(0, -1).entries()) {
    stream.emit('data', bytes.subarray(start, indexes[index + 1]));
  }
  return messages;
}

it('a line has its long strings abbreviated, however its bytes are split', async () => {
  const pace = async () => {};
  const url = `data:image/png;base64,${'abcd'.repeat(50_000)}`;
  const texts = [url, 'x'.repeat(65_536), `,${'y'.repeat(65_536)}`, `,${'y'.repeat(65_537)}`, 'short', ''];
  const value = { method: 'long', key: texts, quoted: 'a"\\"b\\', more: { url } };
  const shortened = await Promise.all(texts.map(async (text) => await abbreviateText(text, pace)));
  const expected = {
    ...value,
    key: shortened,
    more: { url: shortened[0] },
  };
  expect(shortened[0]).toMatch(/^data:image\/png;base64,#200000#[0-9a-f]{64}$/);
  const bytes = Buffer.from(`${JSON.stringify(value)}\n`);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(bytes.length)), async (cuts) => {
      expect(read(bytes, cuts)).toEqual([expected]);
    }),
    { numRuns: 30 },
  );
});
