import { expect, test } from 'vitest';
import { atRandom, recorded } from '../../simulation/choices.ts';
import { onCall } from '../../simulation/faults.ts';
import type { World, WorldOptions } from '../../simulation/world.ts';
import { type Bank, bankWith, CoinDropped } from './savings-bank.ts';

async function stands(options: WorldOptions): Promise<string> {
  return (await ran(options)).fingerprint();
}

/** Two coins at the same time, in a world in which steps take no time and nobody stays warm. */
async function ran(options: WorldOptions): Promise<World<Bank>> {
  const world = bankWith([['1', 7]], { warm: false, fingerprints: true, ...options });
  await world.run();
  return world;
}

test('worlds that went the same way stand at the same point', async () => {
  expect(await stands({ choices: atRandom(3) })).toBe(await stands({ choices: atRandom(3) }));
});

test('orders that make no difference end at the same point', async () => {
  const points = new Set<string>();
  const orders = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) {
    const world = bankWith([], { warm: false, fingerprints: true, choices: atRandom(seed), shards: 2 });
    for (const jar of ['1', '2', '3']) world.send(CoinDropped, { jar, amount: 7 }, { metadata: { id: `e${jar}` } });
    await world.run();
    points.add(world.fingerprint());
    orders.add(world.timeline());
  }

  expect(orders.size).toBeGreaterThan(5);
  expect(points.size).toBeLessThan(orders.size);
});

test('another state is another point', async () => {
  const plain = await stands({});

  expect(await stands({ faults: onCall('store.append', 'retried') })).not.toBe(plain);
  expect(await stands({ faults: onCall('ledger', 'late') })).toBe(plain);
  expect(await stands({ faults: onCall('queue.delete', 'lost') })).not.toBe(plain);
});

test('each step is another point', async () => {
  const points = new Set<string>();
  const taken: number[] = [];
  const world: World<Bank> = bankWith(
    [
      ['1', 7],
      ['2', 8],
    ],
    {
      fingerprints: true,
      choices: {
        pick: (count) => {
          points.add(world.fingerprint());
          taken.push(count);
          return 0;
        },
      },
    },
  );

  await world.run();

  expect(points.size).toBe(taken.length);
});

test('a world that keeps none says how to get them', () => {
  expect(() => bankWith([], { choices: recorded([]) }).fingerprint()).toThrow('give fingerprints: true');
});
