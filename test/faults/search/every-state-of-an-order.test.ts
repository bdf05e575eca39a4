import { expect, test } from 'vitest';
import { type Circumstances, ONE_ORDER } from './circumstances.ts';
import { search } from './search.ts';
import { RULES } from './shop-model.ts';

const PLAIN: Circumstances = { ...ONE_ORDER, secondClick: false, deadLetters: false, forgottenKeys: 0 };

const ENDS = [
  'cancelled (deadline_passed), never charged, never held',
  'cancelled (deadline_passed), never charged, released',
  'cancelled (deadline_passed), refunded, released',
  'cancelled (out_of_stock), never charged, never held',
  'cancelled (payment_failed), never charged, released',
  'cancelled (requested), never charged, never held',
  'cancelled (requested), never charged, released',
  'cancelled (requested), refunded, released',
  'cancelled (shipment_failed), refunded, released',
  'shipped',
];

// Smaller than what the command searches, which is all of this at once.
test.each<[string, Circumstances]>([
  ['its messages are handled twice at a time', PLAIN],
  ['its calls are never answered', { ...PLAIN, handlersPerMessage: 1, deadLetters: true }],
  ['the outside forgets a key', { ...PLAIN, handlersPerMessage: 1, forgottenKeys: 1 }],
  ['its cart is checked out twice', { ...PLAIN, handlersPerMessage: 1, secondClick: true }],
])('an order keeps every promise in every state, and it ends, when %s', (_, circumstances) => {
  const found = search({ orders: 1, rules: RULES, circumstances, mostStates: 1_000_000 });

  expect(found).toMatchObject({ isComplete: true, violation: undefined });
  expect([...found.ends.keys()].toSorted()).toEqual(ENDS);
  expect(found.states).toBeGreaterThan(5_000);
});

test('an order of nothing keeps every promise in every state, and is never charged', () => {
  const found = search({ orders: 1, rules: RULES, circumstances: { ...PLAIN, total: 0 }, mostStates: 1_000_000 });

  expect(found).toMatchObject({ isComplete: true, violation: undefined });
  const ends = [...found.ends.keys()].toSorted();
  expect(ends).toEqual([
    'cancelled (deadline_passed), never charged, never held',
    'cancelled (deadline_passed), never charged, released',
    'cancelled (out_of_stock), never charged, never held',
    'cancelled (requested), never charged, never held',
    'cancelled (requested), never charged, released',
    'cancelled (shipment_failed), never charged, released',
    'shipped',
  ]);
});

test('a search that is too small says so', () => {
  const found = search({ orders: 1, rules: RULES, circumstances: PLAIN, mostStates: 1_000 });

  expect(found).toMatchObject({ isComplete: false, violation: undefined });
});
