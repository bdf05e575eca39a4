import { expect, test } from 'vitest';
import { TWO_ORDERS } from './circumstances.ts';
import { search } from './search.ts';
import { RULES } from './shop-model.ts';

const ENDS_OF_ONE = [
  'cancelled (deadline_passed), never charged, never held',
  'cancelled (deadline_passed), never charged, released',
  'cancelled (out_of_stock), never charged, never held',
  'cancelled (requested), never charged, never held',
  'cancelled (requested), never charged, released',
  'cancelled (shipment_failed), never charged, released',
  'shipped',
];

test('two orders over one unit of stock keep every promise in every state, and end in every way but both shipped', () => {
  // Of nothing, so that there are fewer states: payments know nothing of stock.
  const circumstances = { ...TWO_ORDERS, total: 0 };
  const { ends, ...found } = search({ orders: 2, rules: RULES, circumstances, mostStates: 1_000_000 });

  expect(found).toMatchObject({ isComplete: true, violation: undefined });
  const both = ENDS_OF_ONE.flatMap((end, index) => ENDS_OF_ONE.slice(index).map((other) => `${end} + ${other}`));
  expect([...ends.keys()].toSorted()).toEqual(both.filter((end) => end !== 'shipped + shipped').toSorted());
});
