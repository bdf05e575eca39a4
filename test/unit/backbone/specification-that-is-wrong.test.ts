import { expect, test } from 'vitest';
import { A_MOMENT_MS, given } from '../../given-when-then.ts';
import { asked, calledOff, type ErrandFact, errand } from './errand-aggregate.ts';
import { breakage, coin, coinFromPurse, type JarFact, jar, seal, sealDue } from './jar-aggregate.ts';

const kept = (amount: number): JarFact => ({ type: 'CoinKept', data: { amount } });
const attempted: ErrandFact = { type: 'ErrandAttempted', data: { round: 1, atMs: A_MOMENT_MS } };
const noted: ErrandFact = { type: 'CallingOffNoted', data: null };
const broken: JarFact = { type: 'BreakNoted', data: null };

/** Whatever is not exactly so must be noticed, or a wrong decider would pass. */
test.each<[string, () => void]>([
  ['a fact too few', () => given(jar).when(coin(5)).then()],
  ['a fact too many', () => given(jar).when(coin(5)).then(kept(5), kept(5))],
  ['another value', () => given(jar).when(coin(5)).then(kept(6))],
  ['another fact', () => given(jar).when(seal).then(broken)],
  ['a counter that nobody named', () => given(jar).when(coinFromPurse(5)).then(kept(5))],
  ['a skip for nothing', () => given(jar, broken).when(coin(5)).thenNothing()],
  ['nothing for a skip', () => given(jar).when(coin(0)).thenSkips()],
  ['a commit for a call', () => given(errand).when(asked).thenNothing()],
  [
    'another key',
    () =>
      given(errand)
        .when(asked)
        .thenCalls({ key: 'errand/2' }, [{ type: 'ErrandAttempted', data: { round: 1, atMs: A_MOMENT_MS } }]),
  ],
  ['a call for a question', () => given(errand).when(asked).thenAsks({ key: 'errand/1' }, A_MOMENT_MS)],
  [
    'earlier attempts that were none',
    () =>
      given(errand)
        .when(asked)
        .thenCalls({ key: 'errand/1' }, [{ type: 'ErrandAttempted', data: { round: 1, atMs: A_MOMENT_MS } }], {
          firstMs: A_MOMENT_MS,
          lastMs: A_MOMENT_MS,
        }),
  ],
  [
    'something learned that nobody named',
    () => given(errand, attempted).when(calledOff).thenAsks({ key: 'errand/1' }, A_MOMENT_MS),
  ],
  [
    'nothing learned for something',
    () => given(errand, attempted, noted).when(calledOff).thenAsks({ key: 'errand/1' }, A_MOMENT_MS, noted),
  ],
  [
    'another attempt',
    () =>
      given(errand, attempted)
        .when(calledOff)
        .thenAsks({ key: 'errand/1' }, A_MOMENT_MS + 1, noted),
  ],
  [
    'something that comes early enough',
    () =>
      given(jar)
        .when(coin(5))
        .thenNotYet(/sealed/),
  ],
  [
    'another reason to wait',
    () =>
      given(jar)
        .when(sealDue)
        .thenNotYet(/broken/),
  ],
  ['something that comes too early', () => given(jar).when(sealDue).thenNothing()],
  [
    'a commit that minds no counters',
    () =>
      given(jar)
        .when(coin(5))
        .thenIfShort([{ counter: 'purse', field: 'coins', needed: 1, found: 0 }]),
  ],
])('%s is noticed', (_, specification) => {
  expect(specification).toThrow();
});

test('what is right passes', () => {
  given(jar).when(coin(5)).then(kept(5));
  given(jar, broken).when(coin(5)).thenSkips();
  given(jar).when(breakage).then(broken);
  given(jar)
    .when(sealDue)
    .thenNotYet(/^the jar is not sealed$/);
  given(errand, attempted).when(calledOff).thenAsks({ key: 'errand/1' }, A_MOMENT_MS, noted);
  given(jar)
    .when(coinFromPurse(5))
    .thenCommits([kept(5)], [{ counter: 'purse', add: { coins: -1 }, atLeast: { field: 'coins', amount: 1 } }]);
  given(jar)
    .when(coinFromPurse(5))
    .thenIfShort([{ counter: 'purse', field: 'coins', needed: 1, found: 0 }], { type: 'PurseFoundEmpty', data: null });
});
