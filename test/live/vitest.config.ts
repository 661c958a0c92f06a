import { defineConfig } from 'vitest/config';

// Vitest would keep a secret of its own in the home folder (on macOS it still does).
process.env.XDG_DATA_HOME = new URL('../../node_modules/.cache', import.meta.url).pathname;

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/live/**/*.test.ts'],
    // A real model thinks, and costs: one question at a time.
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
