import { defineConfig } from 'vitest/config';

// Vitest would keep a secret of its own in the home folder (on macOS it still does).
process.env.XDG_DATA_HOME = new URL('../../node_modules/.cache', import.meta.url).pathname;

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/browser/**/*.test.ts'],
    setupFiles: ['test/support/set-up.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 10_000 } },
    // A browser takes a core of its own.
    maxWorkers: 2,
    isolate: false,
  },
});
