import { expect, test } from 'vitest';
import { allScenarios, runTask } from './campaign.ts';
import { commandFor } from './report.ts';

const PARTS = 2;
const parts = allScenarios().flatMap((scenario) => Array.from({ length: PARTS }, (_, part) => ({ scenario, part })));

test.concurrent.each(parts)('$scenario, part $part', async ({ scenario, part }) => {
  const { schedules, failures } = await runTask({ kind: 'singles', scenario, part, size: PARTS });

  expect(failures.map((failure) => [commandFor(failure), ...failure.violations])).toEqual([]);
  expect(schedules).toBeGreaterThan(100);
});
