import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/python/**/*.test.ts'],
    setupFiles: ['test/support/set-up.ts'],
    testTimeout: 120_000,
    // Packages are downloaded.
    hookTimeout: 600_000,
  },
});
