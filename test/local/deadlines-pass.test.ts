import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ListEventSourceMappingsCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { waitFor } from '../../localstack/shop/wait.ts';
import { anotherStage } from './another-stage.ts';
import { cartOf, counted, type Shop } from './shop.ts';

const lambda = new LambdaClient({ maxAttempts: 5 });
let shop: Shop;

// Its own stage: elsewhere, no order is to be given up for being slow on a busy machine.
beforeAll(async () => {
  shop = await anotherStage('hasty', { orderDeadline: '20', shippingDeadline: '15', settlementDeadline: '5' });
}, 120_000);

/** Until the end of the test nothing reaches this consumer: it waits in its queue. */
async function cutOff(subscription: string): Promise<void> {
  const FunctionName = `${shop.busName}-${subscription}`;
  const { EventSourceMappings = [] } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName }));
  // LocalStack lists those of functions whose names only begin so, too.
  const own = EventSourceMappings.filter(({ FunctionArn }) => FunctionArn?.endsWith(`:${FunctionName}`));
  const enable = async (Enabled: boolean, State: 'Enabled' | 'Disabled') => {
    for (const { UUID } of own) {
      await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
      await waitFor(`the queue of ${FunctionName} to be ${State}`, async () => {
        const mapping = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
        return mapping.State === State ? true : undefined;
      });
    }
  };
  await enable(false, 'Disabled');
  // The stage may stay, and be used again.
  onTestFinished(() => enable(true, 'Enabled'));
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
