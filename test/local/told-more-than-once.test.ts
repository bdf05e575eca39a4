import { expect, test } from 'vitest';
import { orderIdOf } from '../../functions/orders/decider.ts';
import { CartCheckedOut, StockReceived } from '../../schemas/generated/facts.ts';
import {
  cartOf,
  checkOut,
  commitsOf,
  counted,
  orderEnds,
  orderShows,
  put,
  putAs,
  SHIPPED_ONCE,
  stocked,
  stockSettles,
  tables,
  unique,
} from './shop.ts';

test('the same event id sent five times is one order', async () => {
  const sku = await stocked(10);
  const cart = cartOf(sku, 2);
  const orderId = orderIdOf(cart.cartId);
  await putAs(CartCheckedOut, cart, { id: unique('event'), time: new Date().toISOString() }, 5);

  expect((await orderEnds(orderId)).status).toBe('shipped');
  const left = { available: 8, reserved: 0, shipped: 2, received: 10 };
  expect(await stockSettles(sku, left)).toEqual(left);
  expect(counted(await orderShows(orderId, Object.keys(SHIPPED_ONCE)))).toEqual(SHIPPED_ONCE);
  const causes = (await commitsOf(tables.orders, `order#${orderId}`)).flatMap(({ causes }) => causes);
  expect(new Set(causes.map(({ eventId }) => eventId)).size).toBe(causes.length);
});

test('the same cart under three event ids is one order', async () => {
  const sku = await stocked(10);
  const cart = cartOf(sku, 2);
  const orderId = orderIdOf(cart.cartId);
  await Promise.all([checkOut(cart), checkOut(cart), checkOut(cart)]);

  expect((await orderEnds(orderId)).status).toBe('shipped');
  const left = { available: 8, reserved: 0, shipped: 2, received: 10 };
  expect(await stockSettles(sku, left)).toEqual(left);
  expect(counted(await orderShows(orderId, Object.keys(SHIPPED_ONCE)))).toEqual(SHIPPED_ONCE);
});

test('a delivery told twice under two event ids counts once', async () => {
  const delivery = { sku: unique('sku'), quantity: 7, deliveryId: unique('delivery') };
  await put(StockReceived, delivery);
  await put(StockReceived, delivery);
  await put(StockReceived, { ...delivery, deliveryId: unique('delivery'), quantity: 1 });
  const both = { available: 8, reserved: 0, shipped: 0, received: 8 };
  expect(await stockSettles(delivery.sku, both)).toEqual(both);
  // The queue promises no order, so the delivery's own stream tells whether it was booked twice.
  const booked = await commitsOf(tables.inventory, `delivery#${delivery.deliveryId}#${delivery.sku}`);
  expect(booked.map(({ facts }) => facts.map(({ type }) => type))).toEqual([['DeliveryBooked']]);
});
