import { expect, it } from 'vitest';
import { readTurnLimits } from '../../../src/app/sessions/turn-limits.ts';

it('the limits of agent turns are read from the variables of codex-bridge, or else from the config file', () => {
  const file = { maxConcurrentTurns: 2, maxQueuedTurns: 3 };
  expect(readTurnLimits(file, {})).toEqual(file);
  expect(readTurnLimits(file, { CODEX_MAX_CONCURRENT_TURNS: '7', CODEX_MAX_QUEUED_TURNS: '0' })).toEqual({
    maxConcurrentTurns: 7,
    maxQueuedTurns: 0,
  });
  expect(() => readTurnLimits(file, { CODEX_MAX_CONCURRENT_TURNS: '0' })).toThrow(
    "CODEX_MAX_CONCURRENT_TURNS is '0', but it has to be a whole number from 1 to 1000.",
  );
});
