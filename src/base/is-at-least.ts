/** Returns true if a version is a given one or newer, by their three numbers; a pre-release counts as its release. */
export function isAtLeast(version: string, oldest: string): boolean {
  const [numbers, oldestNumbers] = [version, oldest].map((text) =>
    text.split(/[.-]/).slice(0, 3).map(Number),
  );
  for (const [index, number] of oldestNumbers!.entries()) {
    const difference = numbers![index]! - number;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
