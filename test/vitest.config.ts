import { defineConfig } from 'vitest/config';
import { LongestFirst } from './sequencer.ts';

// Vitest would keep a secret of its own in the home folder (on macOS it still does).
process.env.XDG_DATA_HOME = new URL('../node_modules/.cache', import.meta.url).pathname;
// To start a process, Linux copies the tables of all memory that the one behind it has. With one arena, the memory of threads
// that have ended is used again, and theirs are many.
process.env.MALLOC_ARENA_MAX = '1';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'test/copilot-cli/**', 'test/live/**', 'test/mcp/**', 'test/python/**'],
    setupFiles: ['test/support/set-up.ts'],
    // A missing recording fails; only `-u` writes one.
    update: 'none',
    // Time-outs end what hangs. Real child processes on two cores that others use as well take their time.
    testTimeout: 120_000,
    // A loaded machine does much of it late.
    expect: { poll: { timeout: 10_000 } },
    // Most of the time they wait for children and timers; by itself, vitest would run one file at a time there.
    maxWorkers: 5,
    // Much is garbage soon: with more room for what is new, it is collected less often.
    execArgv: ['--max-semi-space-size=32'],
    hookTimeout: 120_000,
    // Files that run in one process share its modules: loading them anew for each is much of a run.
    isolate: false,
    // Node itself loads all modules, as it does for users: that is faster, and what only a bundler forgives fails.
    experimental: { viteModuleRunner: false },
    sequence: { sequencer: LongestFirst },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'html'],
      reportsDirectory: 'coverage',
      thresholds: { lines: 95 },
    },
  },
});
