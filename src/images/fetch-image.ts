import type { IncomingMessage } from 'node:http';
import { guardedGet, RefusedFetchError, TIMED_OUT, type Guard } from './guarded-get.ts';
import { LIMITS } from './limits.ts';

const REDIRECTS = [301, 302, 303, 307, 308];

/** Bytes that the images of one request may still use. */
interface Budget {
  bytesLeft: number;
}

export interface FetchOptions {
  readonly guard: Guard;
  readonly budget: Budget;
  /** Time for one image, redirects included. */
  readonly fetchTimeoutMs: number;
  readonly signal: AbortSignal;
}

/** Fetches an image. Rejects if it cannot be had within the limits of time and size. */
export async function fetchImage(url: URL, options: FetchOptions): Promise<Buffer> {
  const timeout = AbortSignal.timeout(options.fetchTimeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  try {
    const response = await followRedirects(url, options.guard, signal);
    try {
      checkResponse(response);
      return await readBody(response, options.budget);
    } finally {
      response.destroy();
    }
  } catch (error) {
    // After the timeout, the error only shows which step was interrupted.
    throw timeout.aborted ? new RefusedFetchError(TIMED_OUT) : error;
  }
}

/** Follows redirects; each target is checked like the first URL. */
async function followRedirects(url: URL, guard: Guard, signal: AbortSignal): Promise<IncomingMessage> {
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

function checkResponse({ statusCode, headers }: IncomingMessage): void {
  if (statusCode !== 200) throw new RefusedFetchError(`status ${statusCode}`);
  const encoding = headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() !== 'identity') throw new RefusedFetchError('content encoding');
  if (Number(headers['content-length'] ?? 0) > LIMITS.bytes) throw new RefusedFetchError('size');
}

async function readBody(response: IncomingMessage, budget: Budget): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    budget.bytesLeft -= chunk.length;
    if (size > LIMITS.bytes || budget.bytesLeft < 0) throw new RefusedFetchError('size');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
