import { afterEach, beforeEach, expect } from 'vitest';
import { recordStreams } from './record-streams.ts';

// A process warning is a leak that has not hurt yet: too many listeners, an unhandled rejection, a deprecated call.
const warnings: string[] = [];
process.on('warning', (warning) => warnings.push(`${warning.name}: ${warning.message}`));

beforeEach(() => {
  warnings.length = 0;
});

afterEach(() => {
  expect(warnings).toEqual([]);
});

// Whatever else a test looks at: a stream of the gateway that some client could not read fails it.
const violationsOfStreams = recordStreams();

afterEach(() => {
  expect(violationsOfStreams()).toEqual([]);
});
