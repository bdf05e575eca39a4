import { describe, expect, test } from 'vitest';
import { allScenarios, type Kind, runTask } from './campaign.ts';
import { commandFor } from './report.ts';

/** The whole of it is `npm run test:faults`. */
const BUDGET = [
  { kind: 'twice', part: 0, size: 4 },
  { kind: 'orders', part: 0, size: 60 },
  { kind: 'chance', part: 0, size: 20 },
] as const satisfies readonly { readonly kind: Kind; readonly part: number; readonly size: number }[];

describe.each(BUDGET)('$kind', (budget) => {
  test.each(allScenarios())('%s', async (scenario) => {
    const { failures } = await runTask({ ...budget, scenario });

    expect(failures.map((failure) => [commandFor(failure), ...failure.violations])).toEqual([]);
  });
});

test('storms', async () => {
  const failures = [];
  for (let seed = 0; seed < 40; seed += 1) {
    failures.push(...(await runTask({ kind: 'storms', scenario: `storm ${seed}`, part: seed, size: 1 })).failures);
  }

  expect(failures.map((failure) => [commandFor(failure), ...failure.violations])).toEqual([]);
});
