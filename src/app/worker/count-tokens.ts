import { BytePairEncodingCore } from 'gpt-tokenizer/BytePairEncodingCore';
import ranks from 'gpt-tokenizer/bpeRanks/o200k_base';
import { O200K_TOKEN_SPLIT_REGEX } from 'gpt-tokenizer/encodingParams/constants';
import type { Head } from '../../conversation/ports/tokenizer.ts';

/**
 * Characters of one class that stay together. Within such a run the cost grows with the square of its length; a longer
 * one, which no ordinary text has, is cut, and may count a token more for each cut.
 */
const MAX_RUN = 128;

/** The encoding's own rule of what is a word, its runs bounded. */
const WORD = new RegExp(
  O200K_TOKEN_SPLIT_REGEX.source.replaceAll('+', `{1,${MAX_RUN}}`).replaceAll('*', `{0,${MAX_RUN}}`),
  O200K_TOKEN_SPLIT_REGEX.flags,
);

/** It knows no special tokens, so that none is seen in a text; a cache would keep texts of callers, and gains little. */
const encoding = new BytePairEncodingCore({
  bytePairRankDecoder: ranks,
  tokenSplitRegex: WORD,
  mergeCacheSize: 0,
});

/** The tokens of a text in `o200k_base`. */
export function countTokens(text: string): number {
  return encoding.countNative(text);
}

/** The text as far as its first `limit` tokens go, less those that hold a part of a character only. */
export function headOf(text: string, limit: number): Head {
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
  // By its length, because half of a surrogate pair does not survive as bytes.
  return { text: text.slice(0, bytes.toString('utf8', 0, head.end).length), tokens: head.tokens };
}

function* tokensOf(text: string): Generator<number> {
  for (const word of encoding.encodeNativeGenerator(text)) yield* word;
}

/** Bytes of a token. */
function sizeOf(token: number): number {
  const symbol = ranks[token] ?? '';
  return typeof symbol === 'string' ? Buffer.byteLength(symbol) : symbol.length;
}

/** Whether a character of the UTF-8 text begins at a place, or the text ends there. */
function isBoundary(bytes: Uint8Array, place: number): boolean {
  return ((bytes[place] ?? 0) & 0b1100_0000) !== 0b1000_0000;
}

/** A text to cut, or texts to count. */
export type TokenJob =
  | { readonly text: string; readonly limit: number }
  | { readonly texts: readonly string[] };

/** Does either; texts that are only counted do not come back. */
export function runTokenJob(job: TokenJob): Head {
  if ('text' in job) return headOf(job.text, job.limit);
  return { text: '', tokens: job.texts.reduce((sum, text) => sum + countTokens(text), 0) };
}
