import { GatewayError } from '../../base/errors.ts';
import type { TextHead, Tokenizer } from '../../conversation/ports/tokenizer.ts';
import type { TokenJob } from './count-tokens.ts';
import { entryUrl } from './start-worker.ts';
import { createWorkerClient } from './worker-client.ts';

/** Maximum milliseconds for one piece of a text. */
const TIMEOUT_MS = 10_000;

/** The encoding takes much of it. */
const HEAP_MEGABYTES = 512;

/** A tokenizer with its thread. */
export interface WorkerTokenizer extends Tokenizer {
  close(): Promise<void>;
}

/** @param timeoutMs Maximum milliseconds for one piece of a text. */
export function createTokenizer(timeoutMs: number = TIMEOUT_MS): WorkerTokenizer {
  const client = createWorkerClient<TokenJob, TextHead>({
    entry: entryUrl('token-worker'),
    timeoutMs,
    heapMegabytes: HEAP_MEGABYTES,
    onExhausted: (cause) =>
      new GatewayError('request_too_large', 'The text is too long to count its tokens.', { cause }),
  });
  return {
    async count(texts, signal) {
      let tokens = 0;
      // In pieces, so that other requests get their turn: a stream may be waiting to count a few tokens.
      for (const piece of piecesOf(texts)) tokens += (await client.run({ texts: piece }, signal)).tokens;
      return tokens;
    },
    head: (text, limit, signal) => client.run({ text, limit }, signal),
    close: client.close,
  };
}

/** Characters that are counted at once, which takes some tenths of a second at most. */
const PIECE_CHARACTERS = 100_000;

/** Yields the texts in lists of about that size; a long text is split, which may add a token. */
function* piecesOf(texts: readonly string[]): Generator<string[]> {
  let piece: string[] = [];
  let size = 0;
  for (const text of texts) {
    for (let start = 0; start < text.length; start += PIECE_CHARACTERS) {
      const part = text.slice(start, start + PIECE_CHARACTERS);
      piece.push(part);
      size += part.length;
      if (size < PIECE_CHARACTERS) continue;
      yield piece;
      piece = [];
      size = 0;
    }
  }
  if (size > 0) yield piece;
}
