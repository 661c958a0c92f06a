import { defineConfig } from 'vitest/config';

// Vitest would keep a secret of its own in the home folder (on macOS it still does).
process.env.XDG_DATA_HOME = new URL('../../node_modules/.cache', import.meta.url).pathname;

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/copilot-cli/**/*.test.ts'],
    setupFiles: ['test/support/set-up.ts'],
    testTimeout: 120_000,
    // The client is downloaded.
    hookTimeout: 300_000,
  },
});
