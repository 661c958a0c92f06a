import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Message } from 'vscode-jsonrpc/node';
import { NdjsonReader } from '../../src/codex/ndjson-reader.ts';
import { formatLine, NdjsonWriter } from '../../src/codex/ndjson-writer.ts';

/** Feeds bytes to a reader in pieces cut at the given places. */
function read(bytes: Buffer, cuts: readonly number[]): { messages: Message[]; errors: string[] } {
  const stream = new PassThrough();
  const reader = new NdjsonReader(stream);
  const messages: Message[] = [];
  const errors: string[] = [];
  reader.onError((error) => errors.push(error.message));
  reader.listen((message) => messages.push(message));
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  for (const [index, start] of places.slice(0, -1).entries()) {
    stream.emit('data', bytes.subarray(start, places[index + 1]));
  }
  return { messages, errors };
}

const text = fc.string({ unit: 'binary' });
const message = fc.record({ method: text, params: fc.dictionary(text, fc.jsonValue()) });

describe('reading', () => {
  it('gives the same messages however the bytes are split', () => {
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.nat()), (sent, places) => {
        const bytes = Buffer.from(sent.map((value) => `${JSON.stringify(value)}\n`).join(''));
        const cuts = places.map((place) => place % (bytes.length + 1));
        const { messages, errors } = read(bytes, cuts);
        expect(messages).toEqual(
          sent.map((value) => ({ ...JSON.parse(JSON.stringify(value)), jsonrpc: '2.0' })),
        );
        expect(errors).toEqual([]);
      }),
    );
  });

  it('skips a line that is no message, says so without quoting it, and goes on', () => {
    const lines = ['SECRET', '', '[1]', 'null', '"x"', '{"method":', '{"method":"good"}', '\r', ''];
    const { messages, errors } = read(Buffer.from(lines.join('\n')), []);
    expect(messages).toEqual([{ method: 'good', jsonrpc: '2.0' }]);
    expect(errors).toHaveLength(6);
    expect(errors.join()).not.toContain('SECRET');
  });

  it('tells when the stream closes, and stops when it is disposed of', () => {
    const stream = new PassThrough();
    const reader = new NdjsonReader(stream);
    const seen: string[] = [];
    reader.onClose(() => seen.push('closed'));
    const listening = reader.listen(() => seen.push('message'));
    stream.emit('close');
    listening.dispose();
    stream.emit('data', Buffer.from('{"method":"x"}\n'));
    expect(seen).toEqual(['closed']);
  });
});

describe('writing', () => {
  it('replaces every lone surrogate, in keys too, and touches nothing else', () => {
    fc.assert(
      fc.property(
        fc.dictionary(text, fc.oneof(text, fc.constantFrom('\ud800', 'a\udfffb', '\\ud800'))),
        (value) => {
          const expected = Object.fromEntries(
            Object.entries(value).map(([key, field]) => [key.toWellFormed(), field.toWellFormed()]),
          );
          expect(JSON.parse(formatLine(value))).toEqual(expected);
        },
      ),
    );
    expect(formatLine({ '\udc00': '\ud83d\ude00 \\ud800 \\\ud800' })).toBe(
      String.raw`{"�":"😀 \\ud800 \\�"}`,
    );
  });

  it('settles when the stream has taken the line, and rejects when it cannot', async () => {
    const stream = new PassThrough();
    const writer = new NdjsonWriter(stream);
    await writer.write({ jsonrpc: '2.0', method: 'x' } as Message);
    expect(stream.read()?.toString()).toBe('{"jsonrpc":"2.0","method":"x"}\n');
    writer.onError(() => {});
    writer.end();
    await expect(writer.write({ jsonrpc: '2.0' })).rejects.toThrow('write after end');
  });
});
