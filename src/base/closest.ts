/** Returns the candidate that a misspelled word most likely means; undefined if none is close. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  const given = normalize(word.slice(0, MAX_LENGTH));
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: distanceOf(given, normalize(candidate)) }))
    .toSorted((a, b) => a.distance - b.distance);
  if (best === undefined || best.distance > Math.ceil(best.candidate.length / 3)) return undefined;
  return best.candidate;
}

/** Returns the end of a sentence that suggests the closest candidate; empty if there is none. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const found = closest(word, candidates);
  return found === undefined ? '' : ` Did you mean '${found}'?`;
}

const MAX_LENGTH = 50;

/** Removes differences of style, so that `log-level`, `log_level` and `logLevel` are equal. */
function normalize(word: string): string {
  return word.replaceAll(/[-_]/g, '').toLowerCase();
}

/** Returns the number of letters to insert, delete, replace or swap. */
function distanceOf(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const isSame = from[row - 1] === to[column - 1];
      const isSwapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      current.push(
        Math.min(
          rows[row - 1]![column]! + 1,
          current[column - 1]! + 1,
          rows[row - 1]![column - 1]! + (isSame ? 0 : 1),
          isSwapped ? rows[row - 2]![column - 2]! + 1 : Infinity,
        ),
      );
    }
    rows.push(current);
  }
  return rows[from.length]![to.length]!;
}
