import { DisableRuleCommand } from '@aws-sdk/client-eventbridge';
import { beforeAll, expect, test } from 'vitest';
import { anotherStage } from './another-stage.ts';
import { cartOf, counted, type Shop } from './shop.ts';

let shop: Shop;

// Its own stage: elsewhere, no order is to be given up for being slow on a busy machine.
beforeAll(async () => {
  shop = await anotherStage('hasty', { orderDeadline: '20', shippingDeadline: '15', settlementDeadline: '5' });
}, 120_000);

/** Nothing reaches this consumer any more. */
async function cutOff(subscription: string): Promise<void> {
  const { events, busName } = { ...shop.clients, busName: shop.busName };
  await events.send(new DisableRuleCommand({ EventBusName: busName, Name: `${busName}-${subscription}` }));
}

async function staysWhole(sku: string, quantity: number): Promise<void> {
  const untouched = { available: quantity, reserved: 0, shipped: 0, received: quantity };
  expect(await shop.stockSettles(sku, untouched)).toEqual(untouched);
}

test('an order whose payment is never answered is cancelled at its deadline, and its stock released', async () => {
  const sku = await shop.stocked(2);
  const orderId = await shop.checkOut(cartOf(sku, 2, { paymentMethod: 'tok_down' }));

  expect(await shop.orderEnds(orderId)).toMatchObject({ status: 'cancelled', reason: 'deadline_passed' });
  const once = { OrderPlaced: 1, InventoryReserved: 1, OrderCancelled: 1, InventoryReleased: 1 };
  expect(counted(await shop.orderShows(orderId, Object.keys(once)))).toEqual(once);
  await staysWhole(sku, 2);
});

test('an order that shipping never hears of is cancelled at the deadline of its dispatch, and refunded', async () => {
  await cutOff('shipping');
  const sku = await shop.stocked(1);
  const orderId = await shop.checkOut(cartOf(sku));

  expect(await shop.orderEnds(orderId, 90_000)).toMatchObject({ status: 'cancelled', reason: 'shipment_failed' });
  const once = {
    OrderPlaced: 1,
    InventoryReserved: 1,
    PaymentCaptured: 1,
    OrderConfirmed: 1,
    ShipmentFailed: 1,
    OrderCancelled: 1,
    InventoryReleased: 1,
    PaymentRefunded: 1,
  };
  expect(counted(await shop.orderShows(orderId, Object.keys(once)))).toEqual(once);
  await staysWhole(sku, 1);
});

test('an order that inventory never hears of is cancelled at its deadline', async () => {
  await cutOff('inventory');
  const orderId = await shop.checkOut(cartOf('sku-whatever'));

  expect(await shop.orderEnds(orderId)).toMatchObject({ status: 'cancelled', reason: 'deadline_passed' });
  expect(counted(await shop.orderShows(orderId, ['OrderCancelled']))).toEqual({ OrderPlaced: 1, OrderCancelled: 1 });
});
