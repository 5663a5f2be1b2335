import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Media and models run for real; two slow cores need time. No test asserts a duration.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Native code runs in the workers: a crash there must not take the others along.
    pool: 'forks',
    maxWorkers: 2,
    unstubEnvs: true,
  },
});
