/** The port behind which texts become tokens, of the one encoding that the models of today share. */
export interface Tokenizer {
  /** All tokens of the texts, each counted by itself; what looks like a special token counts as the text it is. */
  count(texts: readonly string[], signal: AbortSignal): Promise<number>;
  /** The text as far as its first `limit` tokens go, with no character cut in two. */
  head(text: string, limit: number, signal: AbortSignal): Promise<Head>;
}

/** The beginning of a text. */
export interface Head {
  readonly text: string;
  readonly tokens: number;
}
