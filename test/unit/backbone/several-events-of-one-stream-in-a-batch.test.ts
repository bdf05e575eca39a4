import { expect, test } from 'vitest';
import { skip } from '../../../functions/backbone/aggregate.ts';
import { breakage, coin, coinFromPurse, jar, seal, sealDue } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

test('they become one commit with all their causes', async () => {
  const jars = new Jars();

  const answers = await jars.instance().react([1, 2, 3].map((n) => received(`e${n}`, coin(n))));

  expect(answers).toEqual(['done', 'done', 'done']);
  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1 CoinKept:2 CoinKept:3']);
  expect(jars.store.causes('jar#1')).toEqual([['e1', 'e2', 'e3']]);
});

test('each is decided on what follows from those before it', async () => {
  const jars = new Jars();

  await jars.instance().react([received('e1', coin(1)), received('e2', seal), received('e3', coin(3))]);

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1 SealNoted']);
  expect(jars.store.causes('jar#1')).toEqual([['e1', 'e2', 'e3']]);
});

test("each fact keeps its own causation, hops and trace; the correlation is that of the stream's first event", async () => {
  const jars = new Jars();
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

  await jars
    .instance()
    .react([
      received('e1', coin(1), { hops: 4, correlationId: 'flow-1', correlationTime: '2026-01-31T11:00:00.000Z' }),
      received('e2', coin(2), { hops: 7, correlationId: 'flow-2', traceparent }),
    ]);
  await jars.instance().react([received('e3', coin(3), { correlationId: 'flow-3' })]);

  const [first, second] = jars.store.inner.commits('jar#1');
  expect(first?.facts.map(({ id: _, type: __, data: ___, published: ____, ...rest }) => rest)).toEqual([
    { causationId: 'e1', hops: 5, traceparent: expect.not.stringContaining('a'.repeat(32)) },
    { causationId: 'e2', hops: 8, traceparent: expect.stringMatching(/^00-a{32}-(?!b{16})[0-9a-f]{16}-01$/) },
  ]);
  for (const commit of [first, second]) {
    expect(commit).toMatchObject({ correlationId: 'flow-1', correlationTime: '2026-01-31T11:00:00.000Z' });
  }
});

test('a duplicate within the batch counts once', async () => {
  const jars = new Jars();
  const event = received('e1', coin(1));

  expect(await jars.instance().react([event, event, received('e2', coin(2))])).toEqual(['done', 'done', 'done']);

  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1 CoinKept:2']);
  expect(jars.store.causes('jar#1')).toEqual([['e1', 'e2']]);
});

test('a duplicate within the batch is not done before its twin is', async () => {
  const jars = new Jars();
  jars.store.nextAppends('fails before it takes effect');
  const event = received('e1', coin(1));

  expect(await jars.instance().react([event, event])).toEqual(Array(2).fill('StoreFailure: not written'));
});

test.each([
  ['throws', coin(-1), 'RangeError: a coin of -1'],
  [
    'wants a fact that does not fit its schema',
    coin(1_000),
    'UnreadableEvent: CoinKept does not fit its schema in version 3',
  ],
])('one that %s fails alone', async (_, bad, why) => {
  const jars = new Jars();

  const answers = await jars.instance().react([received('e1', coin(1)), received('bad', bad), received('e2', coin(2))]);

  expect(answers).toEqual(['done', why, 'done']);
  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1 CoinKept:2']);
  expect(jars.store.causes('jar#1')).toEqual([['e1', 'e2']]);
});

test('one that changes counters goes alone, between those before it and those after it', async () => {
  const jars = new Jars();
  const batch = [
    received('e1', coin(1)),
    received('e2', coinFromPurse(2)),
    received('e3', coin(3)),
    received('e4', coin(4)),
  ];

  expect(await jars.instance().react(batch)).toEqual(Array(4).fill('done'));

  expect(jars.store.causes('jar#1')).toEqual([['e1'], ['e2'], ['e3', 'e4']]);
  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1', 'PurseFoundEmpty', 'CoinKept:3 CoinKept:4']);
  expect(jars.observed).toEqual([]);
});

test('one that fails alone does not hold up those after it', async () => {
  const jars = new Jars();
  jars.store.nextAppends('undisturbed', 'fails before it takes effect');
  const batch = [received('e1', coin(1)), received('e2', coinFromPurse(2)), received('e3', coin(3))];

  expect(await jars.instance().react(batch)).toEqual(['done', 'StoreFailure: not written', 'done']);
});

test('one that is skipped is done without a trace', async () => {
  const jars = new Jars();

  expect(await jars.instance().react([received('e1', breakage), received('e2', coin(2))])).toEqual(['done', 'done']);

  expect(jars.store.causes('jar#1')).toEqual([['e1']]);
});

test('one that is skipped does not part those before it from those after it', async () => {
  const jars = new Jars({
    ...jar,
    decide: (state, input, at) => (input.type === 'SealDue' ? skip() : jar.decide(state, input, at)),
  });
  const batch = [received('e1', coin(1)), received('e2', sealDue), received('e3', coin(3))];

  expect(await jars.instance().react(batch)).toEqual(['done', 'done', 'done']);

  expect(jars.store.causes('jar#1')).toEqual([['e1', 'e3']]);
});
