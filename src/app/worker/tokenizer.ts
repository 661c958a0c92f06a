import { GatewayError } from '../../base/errors.ts';
import type { Head, Tokenizer } from '../../conversation/ports/tokenizer.ts';
import type { TokenJob } from './count-tokens.ts';
import { entryUrl } from './entry-url.ts';
import { createWorkerClient } from './worker-client.ts';

/** Milliseconds for a piece. */
const DEADLINE = 10_000;

/** Megabytes of heap, much of which the encoding takes. */
const MEMORY = 512;

/** A tokenizer and the thread behind it. */
export interface WorkerTokenizer extends Tokenizer {
  close(): Promise<void>;
}

/** `deadline` is in milliseconds for one piece of a text. */
export function createTokenizer(deadline: number = DEADLINE): WorkerTokenizer {
  const client = createWorkerClient<TokenJob, Head>({
    entry: entryUrl('token-worker'),
    deadline,
    memory: MEMORY,
    onExhausted: (cause) =>
      new GatewayError('request_too_large', 'The text is too long to count its tokens.', { cause }),
  });
  return {
    async count(texts, signal) {
      let tokens = 0;
      // In pieces, between which others get their turn: a stream may wait for a few tokens of it.
      for (const piece of piecesOf(texts)) tokens += (await client.run({ texts: piece }, signal)).tokens;
      return tokens;
    },
    head: (text, limit, signal) => client.run({ text, limit }, signal),
    close: client.close,
  };
}

/** Characters of texts that are counted at once: some tenths of a second at worst. */
const PIECE = 100_000;

/** The texts in lists of about that size; a long one is cut, which may count a token more. */
function* piecesOf(texts: readonly string[]): Generator<string[]> {
  let piece: string[] = [];
  let size = 0;
  for (const text of texts) {
    for (let start = 0; start < text.length; start += PIECE) {
      const part = text.slice(start, start + PIECE);
      piece.push(part);
      size += part.length;
      if (size < PIECE) continue;
      yield piece;
      piece = [];
      size = 0;
    }
  }
  if (size > 0) yield piece;
}
