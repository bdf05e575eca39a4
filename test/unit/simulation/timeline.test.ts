import { expect, test } from 'vitest';
import { onCall } from '../../simulation/faults.ts';
import { bankWith } from './savings-bank.ts';

test('a timeline tells who did what and when, what came of it, and what went wrong', async () => {
  const world = bankWith([['1', 7]], { stepMs: 5, faults: onCall('store.append', 'dies-after') });

  await world.run();

  expect(`\n${world.timeline()}\n`).toBe(`
  time  call  who           what          about
 0.000        bus           carries       CoinDropped  toy.street
 0.005        coins-1       is called     CoinDropped
 0.010     3  coins-1       store.load    jar#1        0
 0.015     4  coins-1       store.append  jar#1@1      ✗ dies-after
 0.020        jars-relay-1  is called     jar#1@1
 0.025     6  jars-relay-1  bus.publish   CoinKept     published
 0.025        bus           carries       CoinKept     toy.jars
 0.030        ledger-1      is called     CoinKept
60.005        coins-2       is called     CoinDropped
60.010    11  coins-2       store.load    jar#1        1
60.010        coins-2       observes      duplicate
`);
});

test('with colours faults stand out', async () => {
  const world = bankWith([['1', 7]], { faults: onCall('store.append', 'error-before') });

  await world.run();

  expect(world.timeline({ colour: true })).toContain('\u001b[31m✗ error-before\u001b[0m');
  expect(world.timeline()).not.toContain('\u001b');
});
