import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { exactJson } from '../../../src/base/json.ts';
import { describe, expect, it } from 'vitest';
import type { Message } from 'vscode-jsonrpc/node';
import { formatLine } from '../../../src/codex/protocol/format-line.ts';
import { NdjsonReader, type NdjsonReaderOptions } from '../../../src/codex/protocol/ndjson-reader.ts';
import { NdjsonWriter } from '../../../src/codex/protocol/ndjson-writer.ts';
import { anyText } from '../../support/any-text.ts';

/** Feeds bytes to a reader in pieces cut at the given places. */
function read(
  bytes: Buffer,
  cuts: readonly number[],
  options: Partial<NdjsonReaderOptions> = {},
): { messages: object[]; errors: string[] } {
  const stream = new PassThrough();
  const messages: object[] = [];
  const reader = new NdjsonReader(stream, {
    onNotifications: (batch) => messages.push(...batch),
    onRequest: (request) => messages.push(request),
    ...options,
  });
  const errors: string[] = [];
  reader.onError((error) => errors.push(error.message));
  reader.listen((message) => messages.push(message));
  const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length];
  for (const [index, start] of places.slice(0, -1).entries()) {
    stream.emit('data', bytes.subarray(start, places[index + 1]));
  }
  return { messages, errors };
}

const format = (value: object) => [...formatLine(value)].join('');

const text = anyText();
const message = fc.record({ method: text, params: fc.dictionary(text, fc.jsonValue()) });

describe('the NDJSON reader', () => {
  it('gives the same messages however the bytes are split', () => {
    fc.assert(
      fc.property(fc.array(message), fc.array(fc.nat()), (sent, places) => {
        const bytes = Buffer.from(sent.map((value) => `${JSON.stringify(value)}\n`).join(''));
        const cuts = places.map((place) => place % (bytes.length + 1));
        const { messages, errors } = read(bytes, cuts);
        expect(messages).toEqual(sent.map((value) => JSON.parse(JSON.stringify(value)) as object));
        expect(errors).toEqual([]);
      }),
    );
  });

  it('skips a line that is not a message and reports it without quoting it', () => {
    const lines = ['SECRET', '', '[1]', 'null', '"x"', '{"method":', '{"method":"good"}', '\r', ''];
    const { messages, errors } = read(Buffer.from(lines.join('\n')), []);
    expect(messages).toEqual([{ method: 'good' }]);
    expect(errors).toHaveLength(6);
    expect(errors.join()).not.toContain('SECRET');
  });

  it('hands over the notifications of a read together, and a request in its place among them', () => {
    const stream = new PassThrough();
    const seen: unknown[] = [];
    const reader = new NdjsonReader(stream, {
      onNotifications: (batch) => seen.push(batch),
      onRequest: (request) => seen.push(request),
    });
    reader.listen((message) => seen.push(message));
    const lines = [
      '{"method":"a"}',
      '{"id":1,"result":{}}',
      '{"method":"b","params":{}}',
      '{"method":"c","id":2}',
      '{"method":"d"}',
      '{"method":"e"}',
    ];
    stream.emit('data', Buffer.from(`${lines.join('\n')}\n{"method":`));
    stream.emit('data', Buffer.from('"f"}\n'));
    expect(seen).toEqual([
      { jsonrpc: '2.0', id: 1, result: {} },
      [{ method: 'a' }, { method: 'b', params: {} }],
      { method: 'c', id: 2 },
      [{ method: 'd' }, { method: 'e' }],
      [{ method: 'f' }],
    ]);
  });

  it('does not parse a line that nobody reads, however the bytes are split', () => {
    const bytes = Buffer.from('{"method":"a"}\n{"method":"unread", but no JSON\n{"method":"b"}\n');
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const isUnread = (line: string) => line.startsWith('{"method":"unread"');
        const { messages, errors } = read(bytes, cuts, { isUnread });
        expect(messages).toEqual([{ method: 'a' }, { method: 'b' }]);
        expect(errors).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('reports that the stream closed and stops once it is disposed of', () => {
    const stream = new PassThrough();
    const reader = new NdjsonReader(stream, {
      onNotifications: () => seen.push('message'),
      onRequest: () => seen.push('message'),
    });
    const seen: string[] = [];
    reader.onClose(() => seen.push('closed'));
    const listening = reader.listen(() => seen.push('message'));
    stream.emit('close');
    listening.dispose();
    stream.emit('data', Buffer.from('{"method":"x"}\n'));
    expect(seen).toEqual(['closed']);
  });
});

describe('a line that is classified by its beginning', () => {
  const long = (name: string, size = 1000) => `{"method":"${name}","params":"${'x'.repeat(size)}"}\n`;
  const classifyLine = (head: string) => (head.includes('skip') ? 'skip' : 'parse');

  it('is skipped silently if it is to be skipped, however the bytes are split', () => {
    const bytes = Buffer.from(
      [long('a'), long('skip'), long('b', 1), long('skip', 100_000), long('c')].join(''),
    );
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const { messages, errors } = read(bytes, cuts, { classifyLine });
        expect(messages.map((message) => (message as { method?: string }).method)).toEqual(['a', 'b', 'c']);
        expect(errors).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it('is changed by a filter, however the bytes are split', () => {
    const bytes = Buffer.from(long('filtered', 5000) + long('next', 1));
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const kept = Buffer.from('{"method":"kept"}');
        let isFirst = true;
        const { messages } = read(bytes, cuts, {
          classifyLine: () => ({
            add() {
              const isNew = isFirst;
              isFirst = false;
              return isNew ? [kept] : [];
            },
          }),
        });
        expect(messages.map((message) => (message as { method?: string }).method)).toEqual(['kept', 'next']);
      }),
      { numRuns: 30 },
    );
  });

  it('is skipped and reported when it is too long, and the next line is read', () => {
    const heads: string[] = [];
    const bytes = Buffer.from(long('too long', 5000) + long('next', 10));
    const { messages, errors } = read(bytes, [1000, 2000], {
      maxLineBytes: 1500,
      onTooLong: (head) => heads.push(head),
    });
    expect(messages).toEqual([{ method: 'next', params: 'x'.repeat(10) }]);
    expect(errors).toEqual(['skipped a line of over 1500 bytes']);
    expect(heads).toEqual([expect.stringMatching(/^\{"method":"too long"/)]);
  });
});

describe('the NDJSON writer', () => {
  it('replaces lone surrogates in keys and values and changes nothing else', () => {
    fc.assert(
      fc.property(
        fc.dictionary(text, fc.oneof(text, fc.constantFrom('\ud800', 'a\udfffb', '\\ud800'))),
        (value) => {
          const expected = Object.fromEntries(
            Object.entries(value).map(([key, field]) => [key.toWellFormed(), field.toWellFormed()]),
          );
          expect(JSON.parse(format(value))).toEqual(expected);
        },
      ),
    );
    expect(format({ '\udc00': '\ud83d\ude00 \\ud800 \\\ud800' })).toBe(
      `${String.raw`{"�":"😀 \\ud800 \\�"}`}\n`,
    );
  });

  interface Text {
    readonly before: number;
    readonly middle: string;
    readonly after: number;
  }

  /** A text, which may be shorter or longer than a piece, with something else at any place. */
  const expand = ({ before, middle, after }: Text) =>
    `${'a'.repeat(before)}${middle}${'\ud83d\ude00'.repeat(after)}`;

  it('writes long lines as JSON.stringify does, in pieces of a bounded size', () => {
    const text = fc.record({
      before: fc.nat(140_000),
      middle: fc.constantFrom('', 'x', '\ud83d\ude00', '"', '\ud800'),
      after: fc.nat(70_000),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 3 }), fc.jsonValue(), (texts, any) => {
        const [first, ...more] = texts.map(expand);
        const object = { any, first, none: undefined, deep: [more, { [first!]: [any, ...more] }] };
        const pieces = [...formatLine(object)];
        const expected = `${JSON.stringify(object).replaceAll(/\\\\|\\ud800/g, (escape) => (escape === '\\\\' ? escape : '\uFFFD'))}\n`;
        // What differs would fill pages.
        expect(pieces.join('') === expected).toBe(true);
        expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(1_000_000);
      }),
      { numRuns: 40 },
    );
    const many = Array.from({ length: 100_000 }, (_, index) => ({ index, text: 'x' }));
    const pieces = [
      ...formatLine({ many, exact: exactJson.rawJSON('1e21'), none: undefined, holes: [undefined] }),
    ];
    expect(
      pieces.join('') === `${JSON.stringify({ many }).slice(0, -1)},"exact":1e21,"holes":[null]}\n`,
    ).toBe(true);
    expect(pieces.length).toBeGreaterThan(10);
  });

  it('yields to other work during a long line and writes the next line after it', async () => {
    const stream = new PassThrough();
    const lines: string[] = [];
    stream.setEncoding('utf8').on('data', (chunk: string) => lines.push(chunk));
    const writer = new NdjsonWriter(stream);
    let turns = 0;
    const count = () => {
      turns += 1;
      setImmediate(count);
    };
    const counting = setImmediate(count);
    const long = { jsonrpc: '2.0', text: '"x"'.repeat(10_000_000) } as Message;
    const writing = [writer.write(long), writer.write({ jsonrpc: '2.0', method: 'next' } as Message)];
    await writing[0];
    const turnsOfLong = turns;
    await writing[1];
    clearImmediate(counting);
    expect(turnsOfLong).toBeGreaterThan(10);
    const expected = `${JSON.stringify(long)}\n{"jsonrpc":"2.0","method":"next"}\n`;
    expect(lines.join('') === expected).toBe(true);
  });

  /** A writer, and what each write to its stream was. */
  function createWriter() {
    const writes: string[] = [];
    const stream = new Writable({
      decodeStrings: false,
      write(text: string, _encoding, callback) {
        writes.push(text);
        callback();
      },
    });
    const writer = new NdjsonWriter(stream);
    const write = (method: string, text = '') => writer.write({ jsonrpc: '2.0', method, text } as Message);
    return { write, writes };
  }
  const lineOf = (method: string, text = '') => `${JSON.stringify({ jsonrpc: '2.0', method, text })}\n`;

  it('writes the short lines of a tick together, also those to which its promises lead', async () => {
    const { write, writes } = createWriter();
    const follow = async () => {
      await Promise.resolve();
      await write('c');
    };
    const writing = [write('a'), write('b'), follow()];
    await Promise.all(writing);
    await write('d');
    expect(writes).toEqual([lineOf('a') + lineOf('b') + lineOf('c'), lineOf('d')]);
  });

  it('keeps the order of short and long lines', async () => {
    const { write, writes } = createWriter();
    const long = 'x'.repeat(200_000);
    await Promise.all([write('a'), write('b', long), write('c'), write('d', long), write('e')]);
    await Promise.all([write('f'), write('g')]);
    const lines = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) =>
      lineOf(name, name === 'b' || name === 'd' ? long : ''),
    );
    expect(writes.join('') === lines.join('')).toBe(true);
    expect(writes.at(-1)).toBe(lineOf('f') + lineOf('g'));
  });

  it('resolves when the stream has accepted the line and rejects when the stream has ended', async () => {
    const stream = new PassThrough();
    const writer = new NdjsonWriter(stream);
    await writer.write({ jsonrpc: '2.0', method: 'x' } as Message);
    expect(stream.read()?.toString()).toBe('{"jsonrpc":"2.0","method":"x"}\n');
    writer.onError(() => {});
    writer.end();
    await expect(writer.write({ jsonrpc: '2.0' })).rejects.toThrow('write after end');
  });

  it.each([
    ['short', 'x'],
    ['long', 'x'.repeat(200_000)],
  ])('reports a %s line as written once it is, and not when the stream refuses it', async (_length, text) => {
    const written: unknown[] = [];
    const stream = new PassThrough({ highWaterMark: 1_000_000 });
    const writer = new NdjsonWriter(stream, (message) =>
      written.push((message as Message & { id: string }).id),
    );
    writer.onError(() => {});
    const write = (id: string) => writer.write({ jsonrpc: '2.0', id, text } as Message);
    const first = write('a');
    expect(written).toEqual([]);
    await first;
    expect(written).toEqual(['a']);
    stream.end();
    await expect(write('b')).rejects.toThrow('write after end');
    expect(written).toEqual(['a']);
  });
});
