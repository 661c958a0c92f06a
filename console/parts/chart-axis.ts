/** Distances between the marks of an axis: what is counted has no halves. */
export const WHOLE_STEPS: number[] = Array.from({ length: 12 }, (_, power) =>
  [1, 2, 5].map((digit) => digit * 10 ** power),
).flat();

/** Returns the words beside the marks of an axis; none for a chart without a single value. */
export function labelMarks(
  marks: readonly number[],
  lines: readonly Iterable<number | null | undefined>[],
  format: (value: number) => string,
): string[] {
  const hasValues = lines.some((values) =>
    [...values].some((value) => value !== null && value !== undefined),
  );
  return marks.map((mark) => (hasValues ? format(mark) : ''));
}
