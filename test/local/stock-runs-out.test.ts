import { expect, test } from 'vitest';
import { openTap } from '../../localstack/shop/tap.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import { busName, cartOf, checkOut, clients, counted, orderEnds, orderShows, stock, stocked, unique } from './shop.ts';

test('an order for more than there is is cancelled, and nothing of it is held', async () => {
  const [plenty, scarce] = [await stocked(9), await stocked(1)];
  const lines = [
    { sku: plenty, quantity: 3, unitPrice: 100 },
    { sku: scarce, quantity: 1, unitPrice: 100 },
    { sku: scarce, quantity: 1, unitPrice: 100 },
  ];
  const orderId = await checkOut({ ...cartOf(plenty), lines });

  expect(await orderEnds(orderId)).toMatchObject({ status: 'cancelled', reason: 'out_of_stock' });
  const once = { OrderPlaced: 1, InventoryReservationFailed: 1, OrderCancelled: 1 };
  expect(counted(await orderShows(orderId, Object.keys(once)))).toEqual(once);
  expect(await stock(plenty)).toEqual({ available: 9, reserved: 0, shipped: 0, received: 9 });
  expect(await stock(scarce)).toEqual({ available: 1, reserved: 0, shipped: 0, received: 1 });
});

test('an order for a SKU that nobody knows is cancelled', async () => {
  const orderId = await checkOut(cartOf(unique('sku-unknown')));
  expect(await orderEnds(orderId)).toMatchObject({ status: 'cancelled', reason: 'out_of_stock' });
});

test('the order that takes the last one makes the SKU known as depleted', async () => {
  const tap = await openTap(clients, busName);
  try {
    const sku = await stocked(2);
    await checkOut(cartOf(sku, 2));
    const depleted = await waitFor('StockDepleted', async () => {
      const passed = await tap.next();
      return passed.find(({ metadata, data }) => {
        return metadata.type === 'StockDepleted' && (data as { sku: string }).sku === sku;
      });
    });
    expect(depleted.metadata).toMatchObject({ source: 'shop.inventory', subject: `stock#${sku}` });
  } finally {
    await tap.close();
  }
});
