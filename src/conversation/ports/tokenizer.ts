/** Converts texts to tokens of the encoding that all current models share. */
export interface Tokenizer {
  /** Counts the tokens of all texts, each counted separately; special tokens count as ordinary text. */
  count(texts: readonly string[], signal: AbortSignal): Promise<number>;
  /** Returns the beginning of a text up to `limit` tokens, without splitting a character. */
  head(text: string, limit: number, signal: AbortSignal): Promise<TextHead>;
}

/** The beginning of a text. */
export interface TextHead {
  readonly text: string;
  readonly tokens: number;
}
