import { expect, it } from 'vitest';
import { fillSteps, mergePoints } from '../../console/pages/overview/traffic.ts';

const point = (at: number, requests = 1) => ({
  at,
  requests,
  errors: 0,
  input_tokens: 0,
  output_tokens: 0,
  running: 0,
  waiting: 0,
  first_token: null,
});

const SERIES = { step_ms: 10, steps: 3, points: [point(0), point(20)] };

it('a step that has changed replaces the one before, and those that are too old leave the chart', () => {
  const { points } = mergePoints(SERIES, [point(40), point(20, 5)], 41);
  expect(points).toEqual([point(20, 5), point(40)]);
});

it('steps in which nothing happened are drawn, up to the current one', () => {
  const counts = fillSteps(SERIES, 35).map(({ at, requests }) => [at, requests]);
  expect(counts).toEqual([
    [10, 0],
    [20, 1],
    [30, 0],
  ]);
});
