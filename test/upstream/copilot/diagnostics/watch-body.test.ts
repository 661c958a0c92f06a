import { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { watchBody, type BodyEnd } from '../../../../src/upstream/copilot/diagnostics/watch-body.ts';

function watch(body: Readable, signal = new AbortController().signal) {
  const ends: BodyEnd[] = [];
  watchBody(body, signal, (end) => ends.push(end));
  body.on('error', () => {});
  return ends;
}

const chunks = () => Readable.from([Buffer.from('abc'), Buffer.from('de')], { objectMode: false });

describe('a body that is watched', () => {
  it('is not read before its reader reads', async () => {
    const body = chunks();
    const ends = watch(body);
    await setImmediate();
    expect([body.readableFlowing, ends]).toEqual([null, []]);
  });

  it('counts what a reader of events reads, who misses nothing', async () => {
    const body = chunks();
    const ends = watch(body);
    const read: string[] = [];
    body.on('data', (chunk: Buffer) => read.push(chunk.toString()));
    await new Promise((resolve) => body.once('close', resolve));
    expect(read).toEqual(['abc', 'de']);
    expect(ends).toEqual([{ outcome: 'completed', chunkCount: 2, byteCount: 5 }]);
  });

  it('counts what an iteration reads', async () => {
    const body = chunks();
    const ends = watch(body);
    const read: Buffer[] = [];
    for await (const chunk of body) read.push(chunk as Buffer);
    expect(Buffer.concat(read).toString()).toBe('abcde');
    expect(ends).toEqual([expect.objectContaining({ outcome: 'completed', byteCount: 5 })]);
  });

  it('says that it broke off', async () => {
    const body = new Readable({ read() {} });
    const ends = watch(body);
    body.on('data', () => {});
    body.push('abc');
    await setImmediate();
    body.destroy(new Error('broken'));
    await setImmediate();
    expect(ends).toEqual([{ outcome: 'error', chunkCount: 1, byteCount: 3 }]);
  });

  it.each([
    ['without an error', undefined, false],
    ["with undici's error", Object.assign(new Error('aborted'), { code: 'UND_ERR_ABORTED' }), false],
    ['with any error once the client is gone', new Error('gone'), true],
  ])('says that it was given up %s', async (_name, error, isGone) => {
    const client = new AbortController();
    if (isGone) client.abort();
    const body = new Readable({ read() {} });
    const ends = watch(body, client.signal);
    body.destroy(error);
    await setImmediate();
    expect(ends).toEqual([{ outcome: 'dropped', chunkCount: 0, byteCount: 0 }]);
  });
});
