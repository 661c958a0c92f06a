import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { StalledReaderError, writeText } from '../../../src/http/edge/write-text.ts';

const NEVER = new AbortController().signal;

/** A stream whose buffer is full after two characters. */
const create = () => new PassThrough({ writableHighWaterMark: 2, readableHighWaterMark: 2 });

it('text that fits is written without waiting', async () => {
  const stream = create();
  await writeText(stream, 'a', NEVER, 1);
  expect(stream.read()).toEqual(Buffer.from('a'));
});

it('text that does not fit waits until the reader has made room', async () => {
  const stream = create();
  stream.write('xx');
  let isWritten = false;
  const writing = writeText(stream, 'abc', NEVER, 60_000).then(() => (isWritten = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isWritten).toBe(false);
  stream.resume();
  expect(await writing).toBe(true);
});

it('a reader that makes no room in time has stalled', async () => {
  const stream = create();
  stream.write('xx');
  await expect(writeText(stream, 'abc', NEVER, 10)).rejects.toBeInstanceOf(StalledReaderError);
});

it('a write that waits ends with the reason of its signal', async () => {
  const stream = create();
  stream.write('xx');
  const reason = new Error('gone');
  const client = new AbortController();
  const writing = writeText(stream, 'abc', client.signal, 60_000);
  client.abort(reason);
  await expect(writing).rejects.toBe(reason);
});
