import { expect, test } from 'vitest';
import { received } from '../backbone/received.ts';
import { delivered, Warehouse } from './warehouse.ts';

test('under any event ids it counts once', async () => {
  const warehouse = new Warehouse();

  for (const id of ['e1', 'e1', 'e2', 'e3']) await warehouse.handle(delivered(id, 'mug', 5, 'd1'));

  expect(warehouse.stock('mug')).toMatchObject({ available: 5, received: 5 });
  expect(warehouse.store.told('delivery#d1#mug')).toEqual(['DeliveryBooked']);
});

test('within one batch and at the same time it counts once', async () => {
  const warehouse = new Warehouse();
  const batch = [delivered('e1', 'mug', 5, 'd1'), delivered('e2', 'mug', 5, 'd1')];

  expect(await Promise.all([warehouse.handle(...batch), warehouse.handle(...batch)])).toEqual(
    Array(2).fill(['done', 'done']),
  );

  expect(warehouse.stock('mug')).toMatchObject({ available: 5, received: 5 });
});

test('two articles of one delivery, and two deliveries of one article, count each', async () => {
  const warehouse = new Warehouse();

  await warehouse.handle(
    delivered('e1', 'mug', 5, 'd1'),
    delivered('e2', 'card', 7, 'd1'),
    delivered('e3', 'mug', 1, 'd2'),
  );

  expect([warehouse.stock('mug').available, warehouse.stock('card').available]).toEqual([6, 7]);
});

test('a lost answer counts once', async () => {
  const warehouse = new Warehouse();
  warehouse.store.nextAppends('takes effect, and its answer is lost');

  expect(await warehouse.handle(delivered('e1', 'mug', 5, 'd1'))).toEqual([expect.stringContaining('StoreFailure')]);
  expect(await warehouse.handle(delivered('e1', 'mug', 5, 'd1'))).toEqual(['done']);

  expect(warehouse.stock('mug').available).toBe(5);
});

test('it is booked without reading first, and what else was sent along is not kept', async () => {
  const warehouse = new Warehouse();
  const data = { sku: 'mug', quantity: 5, deliveryId: 'd1', driver: 'Ann' };

  await warehouse.handle(received('e1', { type: 'StockReceived', data } as const));

  expect(warehouse.store.calls).toEqual(['append delivery#d1#mug at 1 with stock#mug']);
  expect(warehouse.store.inner.commits('delivery#d1#mug')[0]?.facts[0]?.data).toEqual({
    sku: 'mug',
    quantity: 5,
    deliveryId: 'd1',
  });
});
