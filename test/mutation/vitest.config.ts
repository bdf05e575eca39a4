import { defineConfig } from 'vitest/config';

/** The unit tests alone: a mutant is to die of a test that says what it broke, not of a deployment. */
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    // Holds the compiler against examples: it sees no mutant, and takes longer than all others.
    exclude: ['**/what-does-not-compile.test.ts'],
    setupFiles: 'test/mutation/fixed-seed.ts',
    // One worker runs all files for a mutant and ends with it: quick, and nothing leaks from one mutant into the next.
    isolate: false,
    // A mutant that hangs is noticed by this; the margin is for a machine that is busy.
    testTimeout: 10_000,
  },
});
