/** The text of an answer that is being written. */
export interface Draft {
  /** The last part of the text. */
  readonly text: string;
  /** Characters before it. */
  readonly leftOut: number;
  add(text: string): void;
  clear(): void;
}

/** Characters of a draft that are kept. */
const KEPT_CHARACTERS = 256 * 1024;

export function createDraft(): Draft {
  let kept = '';
  let leftOut = 0;
  const excess = () => Math.max(kept.length - KEPT_CHARACTERS, 0);
  return {
    get text() {
      return kept.slice(excess());
    },
    get leftOut() {
      return leftOut + excess();
    },
    add(text) {
      kept += text;
      // Cut seldom: each cut copies the text.
      if (kept.length < 2 * KEPT_CHARACTERS) return;
      leftOut += excess();
      kept = kept.slice(excess());
    },
    clear() {
      kept = '';
      leftOut = 0;
    },
  };
}
