/** What every Node that can run this has, and the compiler does not know yet. */
interface ExactJson {
  parse(
    text: string,
    revive: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  /** A value that `JSON.stringify` writes as the text says. */
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}

/** JSON with numbers to the letter. */
export const exactJson = JSON as unknown as ExactJson;
