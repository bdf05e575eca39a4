import fc from 'fast-check';
import { expect, test } from 'vitest';
import { derivedId, uuidFrom, uuidV7 } from '../../../functions/backbone/ids.ts';

const id = fc.stringMatching(/^[A-Za-z0-9._:-]{1,64}$/);
const prefix = fc.constantFrom('pay', 'res', 'ship');

test('ids that are made from the same parts never change: facts would be published under new ones', () => {
  expect(uuidFrom('StockDepleted', 'sku-mug', '7')).toBe('0143ec84-8de8-56da-86e7-f6ef8f839b2e');
  expect(uuidFrom('notifications', 'OrderConfirmed#order-c1')).toBe('c6cc2dfc-5366-5087-b353-68967c52934e');
  expect(derivedId('pay', 'order-c1')).toBe('pay-order-c1');
  expect(derivedId('pay', 'o'.repeat(64))).toBe('pay-a73376d2-fd4f-5ba2-a0ac-44df15eda897');
});

test('other parts make another id, also where they read alike', () => {
  expect(new Set([uuidFrom('a', 'bc'), uuidFrom('ab', 'c'), uuidFrom('abc'), uuidFrom('a', 'b', 'c')]).size).toBe(4);
});

test('a derived id is an id', () => {
  fc.assert(
    fc.property(prefix, id, (prefix, id) => {
      expect(derivedId(prefix, id)).toMatch(/^[A-Za-z0-9._:-]{1,64}$/);
    }),
  );
});

test('it is readable as long as it fits into 64 characters', () => {
  expect(derivedId('pay', 'o'.repeat(60))).toBe(`pay-${'o'.repeat(60)}`);
  expect(derivedId('pay', 'o'.repeat(61))).toMatch(/^pay-[0-9a-f-]{36}$/);
});

test('two things never get one derived id', () => {
  fc.assert(
    fc.property(prefix, id, id, (prefix, one, other) => {
      fc.pre(one !== other);
      expect(derivedId(prefix, one)).not.toBe(derivedId(prefix, other));
    }),
  );
});

test('new ids are unique and sorted by the time of their making', () => {
  const ids = Array.from({ length: 1_000 }, () => uuidV7.next());

  expect(new Set(ids).size).toBe(1_000);
  expect([...ids].sort()).toEqual(ids);
});
