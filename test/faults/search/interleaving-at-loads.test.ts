import { expect, test } from 'vitest';
import type { Invariant } from '../invariants.ts';
import { type Circumstances, ONE_ORDER } from './circumstances.ts';
import { search } from './search.ts';
import { RULES } from './shop-model.ts';

/** Everything that can be seen of the shop, in any state. */
function seen(circumstances: Circumstances): { readonly always: Set<string>; readonly atRest: Set<string> } {
  const [always, atRest] = [new Set<string>(), new Set<string>()];
  const watch = (set: Set<string>): Invariant => ({
    promise: 'it is seen',
    violations: (shop) => {
      const facts = shop.facts.map((fact) => JSON.stringify(fact)).toSorted();
      set.add(JSON.stringify({ ...shop, facts }));
      return [];
    },
  });
  const promises = { always: [watch(always)], atRest: [watch(atRest)] };
  const { isComplete } = search({ orders: 1, rules: RULES, circumstances, promises, mostStates: 1_000_000 });
  expect(isComplete).toBe(true);
  return { always, atRest };
}

test('others between a load and its write, and every needless delivery, show nothing that is not seen without', () => {
  const few: Circumstances = {
    ...ONE_ORDER,
    total: 0,
    cancellation: false,
    secondClick: false,
    deadLetters: false,
    forgottenKeys: 0,
    handlersPerMessage: 1,
    handlersAtOnce: 2,
  };

  const atCalls = seen(few);
  const atLoadsAndCalls = seen({ ...few, grain: 'loads and calls' });

  expect(atLoadsAndCalls).toEqual(atCalls);
  expect(atCalls.always.size).toBeGreaterThan(25);
});
