import type { Steps } from '../../../base/async/steps.ts';

/** A range of bytes that is taken out of a body. */
export interface Cut {
  readonly from: number;
  readonly to: number;
}

/** Finds the ranges by which entries are taken out of one array or object, each with one comma. */
export interface EntryCuts {
  begin(start: number): void;
  /** Ends the entry that was begun last. */
  end(end: number, isTakenOut: boolean): void;
  /** Ends the container. */
  close(): void;
}

/** @param cuts Receives the ranges in their order. */
export function createEntryCuts(cuts: Cut[]): EntryCuts {
  let start = 0;
  let previousEnd = 0;
  let hasKept = false;
  /** Begin of entries that are taken out with the commas behind them, as long as none before them is kept. */
  let leading: number | undefined;
  /** Begin of entries that are taken out with the commas before them. */
  let trailing: number | undefined;

  function finish(from: number | undefined, to: number): void {
    if (from !== undefined) cuts.push({ from, to });
    leading = undefined;
    trailing = undefined;
  }

  return {
    begin(at) {
      start = at;
    },
    end(end, isTakenOut) {
      if (isTakenOut) {
        if (hasKept) trailing ??= previousEnd;
        else leading ??= start;
      } else {
        if (leading === undefined) finish(trailing, previousEnd);
        else finish(leading, start);
        hasKept = true;
      }
      previousEnd = end;
    },
    close: () => finish(leading ?? trailing, previousEnd),
  };
}

/** Cuts between two opportunities to pause. */
const STEP_CUTS = 1000;

/** Returns a body without some ranges of bytes, which do not overlap; the very same body if there are none. */
export function* cutOut(body: Buffer, cuts: readonly Cut[]): Steps<Buffer> {
  if (cuts.length === 0) return body;
  const ordered = cuts.toSorted((a, b) => a.from - b.from);
  yield;
  const rest = Buffer.allocUnsafe(body.length);
  let read = 0;
  let written = 0;
  for (const [index, { from, to }] of ordered.entries()) {
    written += body.copy(rest, written, read, from);
    read = to;
    if (index % STEP_CUTS === 0) yield;
  }
  written += body.copy(rest, written, read);
  return rest.subarray(0, written);
}
