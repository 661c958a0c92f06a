/** Cases of a property in a usual run, which is to take little time; `NUM_RUNS=5000` looks for longer. */
export function runCount(usual: number): { numRuns: number } {
  return { numRuns: Number(process.env.NUM_RUNS ?? usual) };
}
