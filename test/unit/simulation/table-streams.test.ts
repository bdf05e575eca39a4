import { expect, test } from 'vitest';
import { atRandom } from '../../simulation/choices.ts';
import { byChance, type Fault, type Faults, onCall } from '../../simulation/faults.ts';
import { World } from '../../simulation/world.ts';
import { CoinKept } from '../backbone/jar-aggregate.ts';
import { bankWith, CoinDropped, CoinTaken, savingsBank } from './savings-bank.ts';

/** What relays were called with, one text a call. */
function relayed(world: World<unknown>): readonly string[] {
  return world.trace
    .filter(({ who, did }) => who.startsWith('jars-relay') && did === 'is called')
    .map(({ about }) => about);
}

const BUS_IS_DOWN: Faults = {
  at: ({ port, method }) => (port === 'bus' && method === 'publish' ? 'throttled' : undefined),
};

test('what is committed is published, in every detail that a relay adds', async () => {
  const world = bankWith([['1', 7]]);

  await world.run();

  const [kept] = world.published(CoinKept);
  expect(kept?.data).toEqual({ amount: 7 });
  expect(kept?.metadata).toMatchObject({ subject: 'jar#1', version: 1, sequence: 1, schemaVersion: 3, hops: 1 });
  expect(world.parts.entries).toEqual(['jar#1/1']);
});

test('a commit that tells nobody anything does not reach the relay', async () => {
  const world = bankWith([
    ['1', 0],
    ['1', 7],
  ]);

  await world.run();

  expect(world.parts.store.commits('jar#1')).toHaveLength(2);
  expect(relayed(world)).toEqual(['jar#1@2']);
});

test('a stream stays at what the bus does not take, and the other shards go on', async () => {
  const until = { isDown: true };
  const faults: Faults = {
    at: ({ port, method, who }) =>
      until.isDown && port === 'bus' && method === 'publish' && who === 'jars-relay-1' ? 'throttled' : undefined,
  };
  const world = bankWith(
    [
      ['1', 7],
      ['2', 7],
      ['1', 8],
      ['3', 7],
    ],
    { shards: 2, faults },
  );
  await world.run({ seconds: 100 });
  const stuck = world.parts.entries.toSorted();

  until.isDown = false;
  await world.run();

  expect(stuck.length).toBeLessThan(4);
  expect(world.parts.entries.toSorted()).toEqual(['jar#1/1', 'jar#1/2', 'jar#2/1', 'jar#3/1']);
});

test('a relay resumes at the first that failed: those behind it come again', async () => {
  const world = new World(savingsBank({ shards: 1 }), { stepMs: 0, faults: onCall('bus.publish', 'partial') });
  // In one batch for the relay: they are committed while its stream waits.
  for (const jar of ['1', '2', '3']) world.send(CoinDropped, { jar, amount: 7 });

  await world.run();

  expect(relayed(world)).toEqual(['jar#1@1 jar#2@1 jar#3@1', 'jar#2@1 jar#3@1']);
  expect(world.parts.entries).toEqual(['jar#1/1', 'jar#3/1', 'jar#2/1', 'jar#3/1']);
  expect(world.published(CoinKept)).toHaveLength(3);
});

test.each<{ readonly what: string; readonly fault: Fault; readonly batches: readonly string[] }>([
  { what: 'stream.deliver', fault: 'fails', batches: ['jar#1@1', 'jar#2@1 jar#3@1'] },
  { what: 'stream.deliver', fault: 'twice', batches: ['jar#1@1 jar#2@1 jar#3@1', 'jar#1@1', 'jar#2@1 jar#3@1'] },
  { what: 'bus.publish', fault: 'dies-after', batches: ['jar#1@1 jar#2@1 jar#3@1', 'jar#1@1', 'jar#2@1 jar#3@1'] },
])('after $what, $fault, half of the batch comes first', async ({ what, fault, batches }) => {
  const world = new World(savingsBank({ shards: 1 }), { stepMs: 0, faults: onCall(what, fault) });
  for (const jar of ['1', '2', '3']) world.send(CoinDropped, { jar, amount: 7 });

  await world.run();

  expect(relayed(world)).toEqual(batches);
});

test('the commits of one stream are relayed in their order, whatever goes wrong', async () => {
  for (let seed = 1; seed <= 25; seed += 1) {
    const faults = byChance(seed, 0.15, ['fails', 'twice', 'dies-before', 'dies-after', 'error-before', 'partial']);
    const world = bankWith([], { shards: 3, choices: atRandom(seed), faults });
    for (const amount of [1, 2, 3, 4, 5, 6]) world.send(CoinDropped, { jar: String(amount % 2), amount });

    await world.run();

    for (const jar of ['jar#0', 'jar#1']) {
      const versions = relayed(world)
        .flatMap((about) => about.split(' '))
        .filter((key) => key.startsWith(jar))
        .map((key) => Number(key.split('@')[1]));
      // Back to where it stood is possible, beyond the next is not.
      for (const [at, version] of versions.entries()) {
        expect(version).toBeLessThanOrEqual(Math.max(0, ...versions.slice(0, at)) + 1);
      }
      expect(Math.max(...versions)).toBe(world.parts.store.commits(jar).length);
    }
    expect(world.published(CoinKept)).toHaveLength(6);
  }
});

test('a counter that has come to what the relay listens for is handed over with what it was', async () => {
  const world = bankWith([]);
  const filled = {
    stream: 'purse-filled',
    version: 1,
    time: '2026-01-31T12:00:00.000Z',
    correlationId: 'flow',
    facts: [],
    causes: [],
  };
  await world.parts.store.append(filled, [{ counter: 'purse', add: { coins: 2 } }]);
  for (const second of [1, 2]) world.send(CoinTaken, { jar: '1', amount: 7 }, { inSeconds: second });

  await world.run();

  expect(world.parts.emptied).toEqual([
    {
      key: { pk: 'purse', sk: 0 },
      before: { pk: 'purse', sk: 0, coins: 1, changes: 2 },
      after: { pk: 'purse', sk: 0, coins: 0, changes: 3 },
      atMs: Date.parse('2026-01-31T12:00:02.000Z'),
    },
  ]);
});

test('what could not be relayed for twenty hours is put aside by its key', async () => {
  const world = bankWith([['1', 7]], { faults: BUS_IS_DOWN });

  await world.run({ seconds: 19 * 3600 });
  expect(world.refused.get('jars')).toEqual([]);

  await world.run();
  expect(world.refused.get('jars')).toEqual([{ key: { pk: 'jar#1', sk: 1 }, code: 'RecordTooOld' }]);
});

test('what the relay may not publish is put aside by it', async () => {
  const world = new World(savingsBank({ source: 'toy.others' }));
  world.send(CoinDropped, { jar: '1', amount: 7 });

  await world.run();

  expect(world.refused.get('jars')).toMatchObject([{ key: { pk: 'jar#1', sk: 1 }, code: 'WrongSource' }]);
});
