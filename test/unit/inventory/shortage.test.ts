import { expect, test } from 'vitest';
import { received } from '../backbone/received.ts';
import { orderPlaced } from '../orders/mug-order.ts';
import { delivered, Warehouse } from './warehouse.ts';

const placed = received('placed', orderPlaced);

test('an order that is short of one article holds none of the others', async () => {
  const warehouse = new Warehouse();
  await warehouse.handle(delivered('d1', 'mug', 2));

  expect(await warehouse.handle(placed)).toEqual(['done']);

  const [commit] = warehouse.store.inner.commits('reservation#order-c1');
  expect(commit?.facts).toMatchObject([
    {
      type: 'InventoryReservationFailed',
      data: { orderId: 'order-c1', shortages: [{ sku: 'card', requested: 1, available: 0 }] },
    },
  ]);
  expect(warehouse.stock('mug')).toMatchObject({ available: 2, reserved: 0 });
});

test('a redelivery does not try again, though there is stock by now', async () => {
  const warehouse = new Warehouse();
  await warehouse.handle(placed);
  await warehouse.handle(delivered('d1', 'mug', 2), delivered('d2', 'card', 1));

  await warehouse.handle(placed);

  expect(warehouse.store.told('reservation#order-c1')).toEqual(['InventoryReservationFailed']);
  expect(warehouse.stock('mug').available).toBe(2);
});

test('the last piece goes to one of two orders', async () => {
  const warehouse = new Warehouse();
  await warehouse.handle(delivered('d1', 'mug', 3), delivered('d2', 'card', 9));
  const other = received('other', { ...orderPlaced, data: { ...orderPlaced.data, orderId: 'order-c2' } });

  await Promise.all([warehouse.handle(placed), warehouse.handle(other)]);

  const told = ['order-c1', 'order-c2'].flatMap((order) => warehouse.store.told(`reservation#${order}`));
  expect(told.sort()).toEqual(['InventoryReservationFailed', 'InventoryReserved']);
  expect(warehouse.stock('mug')).toMatchObject({ available: 1, reserved: 2 });
});
