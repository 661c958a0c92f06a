import { afterEach, beforeEach, expect } from 'vitest';
import { recordReplies } from './record-replies.ts';

// A process warning is a leak that has not hurt yet: too many listeners, an unhandled rejection, a deprecated call.
const warnings: string[] = [];
process.on('warning', (warning) => warnings.push(`${warning.name}: ${warning.message}`));

beforeEach(() => {
  warnings.length = 0;
});

afterEach(() => {
  expect(warnings).toEqual([]);
});

// Whatever else a test looks at: an answer of the gateway that some client could not read fails it.
const violationsOfReplies = recordReplies();

afterEach(async () => {
  expect(await violationsOfReplies()).toEqual([]);
});
