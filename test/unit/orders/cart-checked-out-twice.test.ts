import { expect, test } from 'vitest';
import { received } from '../backbone/received.ts';
import { cartCheckedOut, paymentFailed } from './mug-order.ts';
import { OrdersShelf } from './orders-shelf.ts';

test('under three event ids it is one order', async () => {
  const shelf = new OrdersShelf();

  for (const id of ['click-1', 'click-2', 'sdk-retry']) await shelf.handle(received(id, cartCheckedOut));

  expect(shelf.store.told('order#order-c1')).toEqual(['OrderPlaced', '-', '-']);
});

test('within one batch it is one order', async () => {
  const shelf = new OrdersShelf();

  await shelf.handle(...['click-1', 'click-2', 'click-1'].map((id) => received(id, cartCheckedOut)));

  expect(shelf.store.told('order#order-c1')).toEqual(['OrderPlaced']);
  expect(shelf.store.causes('order#order-c1')).toEqual([['click-1', 'click-2']]);
});

/*
 *     winner:   append 1 ✓
 *     loser:        append 1 ✗ ── load: placed ── append 2 without facts ✓
 */
test('at the same time it is one order', async () => {
  const shelf = new OrdersShelf();

  await Promise.all([1, 2, 3].map((n) => shelf.handle(received(`click-${n}`, cartCheckedOut))));

  expect(shelf.store.told('order#order-c1')).toEqual(['OrderPlaced', '-', '-']);
});

test('after its order has ended, no new one begins', async () => {
  const shelf = new OrdersShelf();
  await shelf.handle(received('click-1', cartCheckedOut));
  await shelf.handle(received('declined', paymentFailed('declined')));

  await shelf.handle(received('click-2', cartCheckedOut));

  expect(shelf.store.told('order#order-c1')).toEqual(['OrderPlaced', 'OrderCancelled', '-']);
});

test('another cart is another order', async () => {
  const shelf = new OrdersShelf();
  const other = { ...cartCheckedOut, data: { ...cartCheckedOut.data, cartId: 'c2' } };

  await shelf.handle(received('e1', cartCheckedOut), received('e2', other));

  expect(shelf.store.told('order#order-c1')).toEqual(['OrderPlaced']);
  expect(shelf.store.told('order#order-c2')).toEqual(['OrderPlaced']);
});
