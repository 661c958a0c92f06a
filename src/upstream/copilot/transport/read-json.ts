import type { Readable } from 'node:stream';

/** Reads a short JSON answer to its end; rejects if it is longer, breaks off or is not JSON. */
export async function readJson(body: Readable, maxBytes: number): Promise<unknown> {
  const blocks: Buffer[] = [];
  let bytes = 0;
  for await (const block of body as AsyncIterable<Buffer>) {
    bytes += block.length;
    if (bytes > maxBytes) throw new Error(`The answer has more than ${maxBytes} bytes.`);
    blocks.push(block);
  }
  return JSON.parse(Buffer.concat(blocks).toString()) as unknown;
}
