import { afterEach, beforeEach, expect } from 'vitest';

// A process warning is a leak that has not hurt yet: too many listeners, an unhandled rejection, a deprecated call.
const warnings: string[] = [];
process.on('warning', (warning) => warnings.push(`${warning.name}: ${warning.message}`));

beforeEach(() => {
  warnings.length = 0;
});

afterEach(() => {
  expect(warnings).toEqual([]);
});
