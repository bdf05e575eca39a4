import { expect, test } from 'vitest';
import { allScenarios, runTask } from '../campaign.ts';
import { commandFor } from '../report.ts';

/** Every single fault of every second story. Two files, so that two processors have something to do. */
export function everySingleFaultOfHalf(half: 0 | 1): void {
  const stories = allScenarios().filter((_, index) => index % 2 === half);

  test.each(stories)('every call of "%s" fails, in every mode', async (scenario) => {
    const { schedules, failures } = await runTask({ kind: 'singles', scenario, part: 0, size: 1 });

    expect(failures.map((failure) => [commandFor(failure), ...failure.violations])).toEqual([]);
    expect(schedules).toBeGreaterThan(200);
  });
}
