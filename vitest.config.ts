import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'] } },
      { test: { name: 'faults', include: ['test/faults/**/*.test.ts'], testTimeout: 120_000 } },
      {
        test: {
          name: 'stack',
          include: ['test/stack/**/*.test.ts'],
          globalSetup: 'test/stack/global-setup.ts',
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'local',
          include: ['test/local/**/*.test.ts'],
          globalSetup: 'test/local/global-setup.ts',
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Most of their time is waiting, but one machine carries them, the local AWS and its functions.
          maxWorkers: 2,
        },
      },
    ],
  },
});
