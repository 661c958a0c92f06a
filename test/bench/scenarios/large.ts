import type { Prompt } from '../workloads/prompts.ts';
import { compareTurns, type Bench, type Scenario } from './scenario.ts';

/** A request with a history of 1 MB. */
export const HISTORY: Scenario = {
  name: 'history',
  run: (bench) =>
    compareLarge(bench, { type: 'history', bytes: 1_000_000 }, { name: '1 MB history', count: 4 }),
};

/** A request with an image of 10 MB. */
export const IMAGE: Scenario = {
  name: 'image',
  run: (bench) =>
    compareLarge(bench, { type: 'image', bytes: 10_000_000 }, { name: '10 MB image', count: 1 }),
};

async function compareLarge(
  bench: Bench,
  prompt: Prompt,
  { name, count }: { readonly name: string; readonly count: number },
): Promise<void> {
  const { upstream } = await bench.sides();
  await upstream.call('use', { type: 'text', deltas: 20 });
  const { gateway, bare } = await compareTurns(name, bench, { concurrency: 1, count, prompt });
  bench.report({
    name: `${name}: first text`,
    unit: 'ms',
    gateway: gateway.map(({ firstMs }) => firstMs),
    bare: bare.map(({ firstMs }) => firstMs),
  });
  bench.report({
    name: `${name}: whole answer`,
    unit: 'ms',
    gateway: gateway.map(({ totalMs }) => totalMs),
    bare: bare.map(({ totalMs }) => totalMs),
  });
}
