import { expect, test } from 'vitest';
import { received } from '../backbone/received.ts';
import { cartCheckedOut } from './mug-order.ts';
import { OrdersShelf } from './orders-shelf.ts';

test('its event fails for good, no order is placed, and the carts beside it are not harmed', async () => {
  const shelf = new OrdersShelf();
  const [line] = cartCheckedOut.data.lines;
  const lines = [{ sku: 'mug', quantity: 2, unitPrice: Number.MAX_SAFE_INTEGER }, ...(line ? [line] : [])];
  const beyond = { ...cartCheckedOut, data: { ...cartCheckedOut.data, lines } };

  const answers = await shelf.handle(received('beyond', beyond), received('sane', cartCheckedOut));

  expect(answers).toEqual([
    expect.stringMatching(/^UnreadableEvent: OrderPlaced does not fit its schema in version 1; data\/total must be/),
    'done',
  ]);
  expect(shelf.store.told('order#order-c1')).toEqual(['OrderPlaced']);
  expect(shelf.store.causes('order#order-c1')).toEqual([['sane']]);
});
