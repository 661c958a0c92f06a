import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { collectBody } from '../../../src/http/body/collect-body.ts';

const MEGABYTE = 1024 * 1024;

/** A body that has arrived as a whole, in the chunks in which Node reads it from a socket. */
function arrived(size: number) {
  let left = size;
  const body = new Readable({
    read() {
      const chunk = Buffer.alloc(Math.min(left, 64 * 1024), 'x');
      left -= chunk.length;
      this.push(chunk.length > 0 ? chunk : null);
    },
  });
  return Object.assign(body, { headers: {} });
}

describe('a large body', () => {
  it('lets everything else have its turn while it arrives', async () => {
    let turn = 0;
    let over = false;
    const count = () => {
      turn += 1;
      if (!over) setImmediate(count);
    };
    setImmediate(count);
    const bytesOfTurn: number[] = [];
    const held = {
      add(bytes: number) {
        bytesOfTurn[turn] = (bytesOfTurn[turn] ?? 0) + bytes;
      },
      release() {},
    };
    const options = { limitBytes: 8 * MEGABYTE, held, decompressor: undefined };
    const blocks = await collectBody(arrived(8 * MEGABYTE), options);
    over = true;
    expect(blocks.size).toBe(8 * MEGABYTE);
    expect(Math.max(...Object.values(bytesOfTurn))).toBeLessThanOrEqual(MEGABYTE / 2);
  });
});
