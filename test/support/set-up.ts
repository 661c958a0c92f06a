import { enableCompileCache } from 'node:module';
import { afterAll, afterEach, beforeAll, beforeEach, expect, vi } from 'vitest';
import { recordReplies } from './record-replies.ts';
import { endSharing } from './shared-gateway.ts';

// Coverage turns this cache off for modules that it measures. Those are not loaded by Node itself; the modules of threads are.
delete process.env.NODE_DISABLE_COMPILE_CACHE;
enableCompileCache(new URL('../../node_modules/.cache/compile', import.meta.url).pathname);

// A process warning is a leak that has not hurt yet: too many listeners, an unhandled rejection, a deprecated call.
const warnings: string[] = [];
const note = (warning: Error) => warnings.push(`${warning.name}: ${warning.message}`);
process.on('warning', note);
afterAll(() => void process.off('warning', note));

beforeEach(() => {
  warnings.length = 0;
});

afterEach(() => {
  expect(warnings).toEqual([]);
});

// Whatever else a test looks at: an answer of the gateway that some client could not read fails it.
const { fetch } = globalThis;
const violationsOfReplies = recordReplies();
afterAll(() => {
  globalThis.fetch = fetch;
});

afterEach(async () => {
  expect(await violationsOfReplies()).toEqual([]);
});

// The next file runs in the same process.
afterAll(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

beforeAll(endSharing);
