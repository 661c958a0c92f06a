import type { IncomingMessage } from 'node:http';
import { guardedGet, RefusedFetchError, type Guard } from './guarded-get.ts';
import { LIMITS } from './limits.ts';

const REDIRECTS = [301, 302, 303, 307, 308];

/** Bytes that the images of one request may still have. */
interface Budget {
  left: number;
}

export interface FetchOptions {
  readonly guard: Guard;
  readonly budget: Budget;
  /** Milliseconds, redirects included. */
  readonly fetchTime: number;
  readonly signal: AbortSignal;
}

/** Fetches what an http(s) URL leads to; rejects for whatever reason it cannot be had, in time and in size. */
export async function fetchImage(url: URL, options: FetchOptions): Promise<Buffer> {
  const timeout = AbortSignal.timeout(options.fetchTime);
  const signal = AbortSignal.any([options.signal, timeout]);
  try {
    const response = await follow(url, options.guard, signal);
    try {
      check(response);
      return await read(response, options.budget);
    } finally {
      response.destroy();
    }
  } catch (error) {
    // Where it was cut says nothing.
    throw timeout.aborted ? new RefusedFetchError('timeout') : error;
  }
}

/** Each step of the way is guarded as the first one is. */
async function follow(url: URL, guard: Guard, signal: AbortSignal): Promise<IncomingMessage> {
  let next = url;
  for (let step = 0; step <= LIMITS.redirects; step += 1) {
    const response = await guardedGet(next, guard, signal);
    if (!REDIRECTS.includes(response.statusCode ?? 0)) return response;
    response.destroy();
    const target = URL.parse(response.headers.location ?? '', next.href);
    if (target === null) throw new RefusedFetchError('redirect');
    next = target;
  }
  throw new RefusedFetchError('too many redirects');
}

function check({ statusCode, headers }: IncomingMessage): void {
  if (statusCode !== 200) throw new RefusedFetchError(`status ${statusCode}`);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw new RefusedFetchError('content encoding');
  if (Number(headers['content-length'] ?? 0) > LIMITS.bytes) throw new RefusedFetchError('size');
}

async function read(response: IncomingMessage, budget: Budget): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    budget.left -= chunk.length;
    if (size > LIMITS.bytes || budget.left < 0) throw new RefusedFetchError('size');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
