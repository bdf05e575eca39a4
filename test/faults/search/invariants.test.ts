import { expect, test } from 'vitest';
import { ALWAYS, AT_REST, type Shop, type ShopOrder, violations } from '../invariants.ts';

const shipped: ShopOrder = {
  orderId: 'order-s',
  stage: 'shipped',
  total: 2500,
  stock: 'left',
  charges: [2500],
  refunds: [],
  dispatches: 1,
};

const cancelled: ShopOrder = {
  ...shipped,
  orderId: 'order-c',
  stage: 'cancelled',
  stock: 'released',
  refunds: [2500],
  dispatches: 0,
};

const well: Shop = {
  orders: [shipped, cancelled],
  stock: [{ sku: 'mug', received: 3, available: 2, reserved: 0, shipped: 1 }],
  streams: [{ name: 'order#order-s', versions: [1, 2, 3] }],
  facts: [
    { stream: 'order#order-s', type: 'OrderShipped', data: {}, published: 1 },
    { stream: 'order#order-c', type: 'OrderCancelled', data: {}, published: 2 },
  ],
  queues: [{ name: 'payments-dlq', messages: 1, expected: 1 }],
};

test('a shop that is well violates nothing', () => {
  expect(violations([...ALWAYS, ...AT_REST], well)).toEqual([]);
});

const [mug] = well.stock;
const [told] = well.facts;

test.each<[string, Partial<Shop>]>([
  ['the stock of mug is', { stock: mug ? [{ ...mug, available: 1 }] : [] }],
  ['the stock of mug is', { stock: mug ? [{ ...mug, available: 4, reserved: -2 }] : [] }],
  ['order-s was charged 2 times', { orders: [{ ...shipped, charges: [2500, 2500] }] }],
  ['order-c was refunded 2 times', { orders: [{ ...cancelled, charges: [5000], refunds: [2500, 2500] }] }],
  ['order-s was dispatched 2 times', { orders: [{ ...shipped, dispatches: 2 }] }],
  ['order-c got 2500 back of 0', { orders: [{ ...cancelled, charges: [] }] }],
  ['order-c is dispatched and cancelled', { orders: [{ ...cancelled, refunds: [], stock: 'held', dispatches: 1 }] }],
  ['order-s is dispatched and refunded', { orders: [{ ...shipped, refunds: [2500] }] }],
  ['order-s is dispatched and its stock released', { orders: [{ ...shipped, stock: 'released' }] }],
  [
    'order-s is refunded, released, and then dispatched',
    { orders: [{ ...shipped, refunds: [2500], dispatchedLast: true }] },
  ],
  ['order#order-s holds OrderShipped twice', { facts: told ? [told, told] : [] }],
  ['order#order-s has the versions 1, 3', { streams: [{ name: 'order#order-s', versions: [1, 3] }] }],
])('at every moment: %s', (expected, broken) => {
  expect(violations(ALWAYS, { ...well, ...broken })).toContainEqual(expect.stringContaining(expected));
});

test.each<[string, Partial<Shop>]>([
  ['order-s stays placed', { orders: [{ ...shipped, stage: 'placed' }] }],
  ['order-s stays confirmed', { orders: [{ ...shipped, stage: 'confirmed' }] }],
  ['order-s is shipped, and 0 of 2500 is paid', { orders: [{ ...shipped, charges: [] }] }],
  ['order-s is shipped, and was dispatched 0 times', { orders: [{ ...shipped, dispatches: 0 }] }],
  ['order-s is shipped, and its stock is held', { orders: [{ ...shipped, stock: 'held' }] }],
  ['order-c is cancelled, and 2500 is kept', { orders: [{ ...cancelled, refunds: [] }] }],
  ['order-c is cancelled, and its stock is held', { orders: [{ ...cancelled, stock: 'held' }] }],
  ['2500 is kept, and orders for 0 are shipped', { orders: [{ ...cancelled, refunds: [] }] }],
  ['1 of mug are reserved', { stock: mug ? [{ ...mug, available: 1, reserved: 1 }] : [] }],
  ['OrderShipped of order#order-s was never published', { facts: told ? [{ ...told, published: 0 }] : [] }],
  ['payments-dlq holds 0 messages instead of 1', { queues: [{ name: 'payments-dlq', messages: 0, expected: 1 }] }],
  ['orders holds 2 messages instead of 0', { queues: [{ name: 'orders', messages: 2, expected: 0 }] }],
])('at rest: %s', (expected, broken) => {
  expect(violations(AT_REST, { ...well, ...broken })).toContainEqual(expect.stringContaining(expected));
});
