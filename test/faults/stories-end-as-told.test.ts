import { expect, test } from 'vitest';
import { allScenarios, runTask } from './campaign.ts';

test.each(allScenarios())('%s', async (scenario) => {
  const { failures } = await runTask({ kind: 'plain', scenario, part: 0, size: 1 });

  expect(failures.flatMap(({ violations }) => violations)).toEqual([]);
});
