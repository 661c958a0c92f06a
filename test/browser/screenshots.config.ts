import { defineConfig } from 'vitest/config';
import browserTests from './vitest.config.ts';

export default defineConfig({
  test: { ...browserTests.test, include: ['test/browser/take-screenshots.ts'] },
});
