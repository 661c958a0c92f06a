import { BytePairEncodingCore } from 'gpt-tokenizer/BytePairEncodingCore';
import ranks from 'gpt-tokenizer/bpeRanks/o200k_base';
import { O200K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';
import type { TextHead } from '../../conversation/ports/tokenizer.ts';

/**
 * Maximum run of characters of one class. The cost of a run grows with the square of its length; a longer one, which
 * ordinary text does not have, is split, and each split may add a token.
 */
const MAX_RUN = 128;

/** The encoding's own pattern of a word, with bounded runs. */
const WORD = new RegExp(
  O200K_TOKEN_SPLIT_REGEX.source.replaceAll('+', `{1,${MAX_RUN}}`).replaceAll('*', `{0,${MAX_RUN}}`),
  O200K_TOKEN_SPLIT_REGEX.flags,
);

/** Has no special tokens, so that none is found in a text. A cache would keep callers' texts, and gains little. */
const encoding = new BytePairEncodingCore({
  bytePairRankDecoder: ranks,
  tokenSplitRegex: WORD,
  mergeCacheSize: 0,
});

/** Returns the number of tokens of a text in `o200k_base`. */
export function countTextTokens(text: string): number {
  return encoding.countNative(text);
}

/** Returns the first `limit` tokens of a text as text, without a last character that is incomplete. */
export function headOf(text: string, limit: number): TextHead {
  const bytes = Buffer.from(text);
  let head = { end: 0, tokens: 0 };
  let end = 0;
  let tokens = 0;
  for (const token of tokensOf(text)) {
    if (tokens >= limit) break;
    tokens += 1;
    end += sizeOf(token);
    if (isBoundary(bytes, end)) head = { end, tokens };
  }
  // Cut by length, because half of a surrogate pair does not survive the conversion to bytes.
  return { text: text.slice(0, bytes.toString('utf8', 0, head.end).length), tokens: head.tokens };
}

function* tokensOf(text: string): Generator<number> {
  for (const word of encoding.encodeNativeGenerator(text)) yield* word;
}

/** Returns the bytes of a token. */
function sizeOf(token: number): number {
  const symbol = ranks[token] ?? '';
  return typeof symbol === 'string' ? Buffer.byteLength(symbol) : symbol.length;
}

/** Returns true if a character of the UTF-8 text begins at an offset, or the text ends there. */
function isBoundary(bytes: Uint8Array, offset: number): boolean {
  return ((bytes[offset] ?? 0) & 0b1100_0000) !== 0b1000_0000;
}

/** A text to truncate, or texts to count. */
export type TokenJob =
  | { readonly text: string; readonly limit: number }
  | { readonly texts: readonly string[] };

/** Runs a job; texts that are only counted are not sent back. */
export function runTokenJob(job: TokenJob): TextHead {
  if ('text' in job) return headOf(job.text, job.limit);
  return { text: '', tokens: job.texts.reduce((sum, text) => sum + countTextTokens(text), 0) };
}
