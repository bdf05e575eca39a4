import { expect, test } from 'vitest';
import { InMemoryEventStore } from '../../functions/backbone/in-memory-event-store.ts';
import type { Site } from '../simulation/world.ts';
import type { Failure } from './campaign.ts';
import { leftToChance, repeat } from './repeatable.ts';
import { commandFor } from './report.ts';
import { scenarioNamed } from './scenarios.ts';
import { runSchedule } from './schedule.ts';
import { type Shop, shop } from './shop-world.ts';
import { shrink } from './shrink.ts';

/** A shop whose tables take a version that is there already: the condition of the append has been forgotten. */
function forgetful(site: Site): Shop {
  const parts = shop({
    ...site,
    eventStore: (props) => {
      const store = site.eventStore(props);
      const append = store.append.bind(store);
      store.append = async (commit, counters) => {
        const { length } = store.commits(commit.stream);
        return append(commit.version > length ? commit : { ...commit, version: length + 1 }, counters);
      };
      return store;
    },
  });
  expect(parts.stores.orders).toBeInstanceOf(InMemoryEventStore);
  return parts;
}

async function failing(): Promise<Failure> {
  const scenario = scenarioNamed('shipped');
  for (let seed = 0; seed < 200; seed += 1) {
    const { schedule, options } = leftToChance(scenario, seed);
    const { violations, world, plan } = await runSchedule(schedule, forgetful);
    if (violations.length > 0)
      return { kind: 'chance', scenario: scenario.name, plan, picks: world.picks, options, violations };
  }
  throw new Error('the broken shop has passed everything');
}

test('a failure is repeated exactly by what it tells of itself', async () => {
  const failure = await failing();

  const again = await repeat(failure, forgetful);

  expect(again.violations).toEqual(failure.violations);
  expect(again.plan).toEqual(failure.plan);
  expect(again.world.picks).toEqual(failure.picks);
  expect(commandFor(failure)).toContain(`--scenario 'shipped'`);
});

test('a failure is shrunk to what it takes, and still fails', async () => {
  const failure = await failing();

  const shortest = await shrink(failure, async (schedule) => (await repeat(schedule, forgetful)).violations);

  expect(shortest.violations.length).toBeGreaterThan(0);
  expect((await repeat(shortest, forgetful)).violations).toEqual(shortest.violations);
  expect(Object.keys(shortest.plan).length).toBeLessThanOrEqual(2);
  expect((await repeat(shortest)).violations).toEqual([]);
});

test('without a single fault the broken shop may seem to work: it takes the campaign to see it', async () => {
  expect((await runSchedule({ scenario: scenarioNamed('shipped') }, forgetful)).violations).toEqual([]);
});
