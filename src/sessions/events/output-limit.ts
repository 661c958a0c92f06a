/** Bytes of one command's output that are passed on as they come. */
const FREE_BYTES = 256 * 1024;

/** Characters of the piece that is passed on each second after that. */
const PIECE_CHARACTERS = 8 * 1024;
const PIECE_MS = 1_000;

/** A piece of a command's output. */
export interface OutputPiece {
  readonly delta: string;
  /** Bytes that were left out just before it. */
  readonly leftOut: number;
}

/** Passes on the output of one command: the beginning of it as it comes, then the newest piece once a second. */
export interface OutputLimit {
  /** Returns what is to be passed on now. */
  add(text: string): OutputPiece | undefined;
  /**
   * Returns the end of the output, as far as it was not passed on yet.
   * @param wholeBytes Bytes of the whole output: on a busy machine Codex sends only some of it as it comes.
   */
  end(wholeBytes?: number): OutputPiece | undefined;
}

/** @param now Returns milliseconds. */
export function createOutputLimit(now: () => number): OutputLimit {
  let freeBytes = FREE_BYTES;
  let comeBytes = 0;
  let held = '';
  let heldBytes = 0;
  let nextAt = 0;

  function release(): OutputPiece | undefined {
    if (heldBytes === 0) return undefined;
    const piece = { delta: held, leftOut: heldBytes - Buffer.byteLength(held) };
    held = '';
    heldBytes = 0;
    nextAt = now() + PIECE_MS;
    return piece;
  }

  return {
    add(text) {
      const bytes = Buffer.byteLength(text);
      comeBytes += bytes;
      if (bytes <= freeBytes) {
        freeBytes -= bytes;
        return { delta: text, leftOut: 0 };
      }
      if (freeBytes > 0) nextAt = now() + PIECE_MS;
      freeBytes = 0;
      held = lastCharacters(held + text, PIECE_CHARACTERS);
      heldBytes += bytes;
      return now() < nextAt ? undefined : release();
    },
    end(wholeBytes = comeBytes) {
      heldBytes += Math.max(0, wholeBytes - comeBytes);
      return release();
    },
  };
}

/** Returns the end of a text, without half of a character. */
export function lastCharacters(text: string, count: number): string {
  return text.length <= count ? text : text.slice(-count).replace(/^[\uDC00-\uDFFF]/, '');
}
