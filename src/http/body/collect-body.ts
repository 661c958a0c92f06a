import type { IncomingHttpHeaders } from 'node:http';
import type { Readable, Transform } from 'node:stream';
import { createPace } from '../../base/async/pace.ts';
import { GatewayError } from '../../base/errors.ts';
import type { RawBody } from '../requests/context.ts';
import { requestBody } from '../sockets/answer-odd-requests.ts';
import type { HeldBytes } from './byte-budget.ts';
import { decompress } from './decompress.ts';

/** Bytes read from one body before other work gets a turn: several large bodies may arrive at once. */
const SLICE_BYTES = 256 * 1024;

/** Bytes of the first block: as many as the request announces, within these limits. */
const MIN_FIRST_BLOCK_BYTES = 1024;
const MAX_FIRST_BLOCK_BYTES = 16 * 1024;
const MAX_BLOCK_BYTES = 1024 * 1024;

/** A request, as far as its body goes. */
interface BodySource extends Readable {
  readonly headers: IncomingHttpHeaders;
}

export interface CollectOptions {
  /** Maximum bytes of a body, both as sent and decompressed. */
  readonly limitBytes: number;
  readonly held: HeldBytes;
  /** Creates the stream that decompresses the body, given its first byte. */
  readonly decompressor: ((firstByte: number) => Transform) | undefined;
}

/**
 * Reads a body to its end. Rejects with a `GatewayError` as soon as the body is too large; the rest of it is then dropped,
 * so that the client can read the answer.
 */
export async function collectBody(request: BodySource, options: CollectOptions): Promise<ByteBlocks> {
  const { limitBytes, held, decompressor } = options;
  const { 'content-length': length } = request.headers;
  const blocks = new ByteBlocks(length === undefined ? MAX_FIRST_BLOCK_BYTES : Number(length));
  const take = (chunk: Uint8Array) => {
    if (blocks.size + chunk.length > limitBytes) throw tooLarge(limitBytes);
    held.add(chunk.length);
    blocks.add(chunk);
  };
  if (Number(length ?? 0) > limitBytes) {
    request.resume();
    throw tooLarge(limitBytes);
  }
  requestBody(request);
  // Without this listener, an error after the iterator has ended would be unhandled.
  request.on('error', ignore);
  try {
    const chunks = inSlices(request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>);
    if (decompressor) await decompress(chunks, decompressor, take);
    else for await (const chunk of chunks) take(chunk);
  } catch (error) {
    request.resume();
    throw error;
  }
  return blocks;
}

/** Ignores an error. A function within `collectBody` would keep the body in memory as long as the request. */
function ignore(): void {}

/** Pauses after every slice: Node reads on from one socket, up to megabytes, as long as its chunks are consumed at once. */
async function* inSlices(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of chunks) {
    yield chunk;
    bytes += chunk.length;
    if (bytes < SLICE_BYTES) continue;
    bytes = 0;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * Copies chunks into blocks of memory of their own, so that nothing large is ever copied at once and a block can be
 * transferred to another thread.
 */
export class ByteBlocks {
  readonly #full: Uint8Array<ArrayBuffer>[] = [];
  #block: Uint8Array<ArrayBuffer>;
  #used = 0;
  size = 0;

  constructor(expectedBytes: number) {
    const bytes = Math.min(Math.max(expectedBytes, MIN_FIRST_BLOCK_BYTES), MAX_FIRST_BLOCK_BYTES);
    this.#block = new Uint8Array(bytes);
  }

  add(chunk: Uint8Array): void {
    this.size += chunk.length;
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#used === this.#block.length) this.#grow();
      const part = rest.subarray(0, this.#block.length - this.#used);
      this.#block.set(part, this.#used);
      this.#used += part.length;
      rest = rest.subarray(part.length);
    }
  }

  /** Returns all blocks; nothing can be added after that. */
  take(): Uint8Array<ArrayBuffer>[] {
    return [...this.#full, this.#block.subarray(0, this.#used)];
  }

  #grow(): void {
    this.#full.push(this.#block);
    this.#block = new Uint8Array(Math.min(this.#block.length * 2, MAX_BLOCK_BYTES));
    this.#used = 0;
  }
}

/** Joins blocks to one, with pauses for other work: copying many megabytes at once would hold it up. */
export async function joinBlocks({ blocks, size }: Pick<RawBody, 'blocks' | 'size'>): Promise<Buffer> {
  if (blocks.length === 1) return Buffer.from(blocks[0]!.buffer, blocks[0]!.byteOffset, size);
  const joined = Buffer.allocUnsafe(size);
  const pause = createPace();
  let offset = 0;
  for (const block of blocks) {
    joined.set(block, offset);
    offset += block.length;
    await pause();
  }
  return joined;
}

function tooLarge(limitBytes: number): GatewayError {
  return new GatewayError('request_too_large', `The request body is over the limit of ${limitBytes} bytes.`);
}
