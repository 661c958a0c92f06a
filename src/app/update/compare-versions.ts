/** Returns true if the first version comes after the second, by the order of semantic versions. */
export function isLaterVersion(first: string, second: string): boolean {
  const [one, other] = [splitVersion(first), splitVersion(second)];
  if (!one || !other) return false;
  for (const [index, number] of one.numbers.entries()) {
    const difference = number - other.numbers[index]!;
    if (difference !== 0) return difference > 0;
  }
  // A version without a suffix comes after its previews.
  if (one.suffix === '' || other.suffix === '') return one.suffix === '' && other.suffix !== '';
  return comparePreviews(one.suffix.split('.'), other.suffix.split('.')) > 0;
}

function splitVersion(text: string): { numbers: readonly number[]; suffix: string } | undefined {
  const match = /^v?(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+.*)?$/.exec(text);
  if (!match) return undefined;
  return { numbers: match.slice(1, 4).map(Number), suffix: match[4] ?? '' };
}

/** Compares the parts of two previews: numbers by value and before words, and fewer parts before more. */
function comparePreviews(first: readonly string[], second: readonly string[]): number {
  for (const [index, part] of first.entries()) {
    const other = second[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    const [isNumber, isOtherNumber] = [part, other].map((text) => /^\d+$/.test(text));
    if (isNumber && isOtherNumber) return Number(part) - Number(other);
    if (isNumber !== isOtherNumber) return isNumber ? -1 : 1;
    return part > other ? 1 : -1;
  }
  return first.length - second.length;
}
