import fc from 'fast-check';
import { expect, test } from 'vitest';
import { InMemoryReadModel } from '../../../functions/backbone/in-memory-read-model.ts';
import { orderViewConsumer } from '../../../functions/order-view/consumer.ts';
import { statusBucket } from '../../../functions/order-view/projection.ts';
import { toOrderView } from '../../../functions/order-view/view.ts';
import { invocation } from '../backbone/invocation.ts';
import { cancelledOrder, shippedOrder } from './stories.ts';

async function viewAfter(arrivals: typeof shippedOrder) {
  const readModel = new InMemoryReadModel();
  await Promise.all(orderViewConsumer(readModel).handle(arrivals, invocation()));
  return readModel.item('order-c1') ?? {};
}

const anyOrder = (story: typeof shippedOrder) =>
  fc
    .array(fc.constantFrom(...story), { maxLength: 6 })
    .chain((again) => fc.shuffledSubarray([...story, ...again], { minLength: story.length + again.length }));

test.each([
  ['shipped', shippedOrder],
  ['cancelled', cancelledOrder],
])("any order of arrival of a %s order's facts, with duplicates, ends in the same item", async (_, story) => {
  const end = await viewAfter(story);
  await fc.assert(
    fc.asyncProperty(anyOrder(story), async (arrivals) => {
      expect(await viewAfter(arrivals)).toEqual(end);
    }),
  );
});

test('a shipped order shows all that its facts say', async () => {
  const view = toOrderView(await viewAfter(shippedOrder.toReversed()));

  const { timeline, ...fields } = view;
  expect(fields).toEqual({
    status: 'shipped',
    customerId: 'cus-7',
    cartId: 'c1',
    currency: 'EUR',
    total: 2500,
    lines: [
      { sku: 'mug', quantity: 2, unitPrice: 1250 },
      { sku: 'card', quantity: 1, unitPrice: 0 },
    ],
    paymentId: 'pay-order-c1',
    shipmentId: 'ship-order-c1',
    trackingCode: 'track-1',
    lastUpdated: '2026-01-31T12:00:08.000Z',
  });
  expect(timeline.map(({ id, type }) => `${id} ${type}`)).toEqual([
    'f1 OrderPlaced',
    'f2 InventoryReserved',
    'f3 PaymentCaptured',
    'f4 OrderConfirmed',
    'f5 ShipmentDispatched',
    'f6 OrderShipped',
    'f7 NotificationSent',
    'f8 OrderCancellationRejected',
  ]);
  expect(timeline[1]).toEqual({
    id: 'f2',
    type: 'InventoryReserved',
    source: 'shop.inventory',
    time: '2026-01-31T12:00:02.000Z',
    causationId: 'f1',
  });
  expect(timeline[0]?.causationId).toBeNull();
});

test('a cancelled order shows why', async () => {
  expect(toOrderView(await viewAfter(cancelledOrder))).toMatchObject({ status: 'cancelled', reason: 'payment_failed' });
});

test('the index knows an order by its newest status, on the day that it took it', async () => {
  const item = await viewAfter(shippedOrder.toReversed());

  expect(item.statusBucket).toBe(statusBucket('shipped', '2026-01-31', 'order-c1'));
  expect(item.statusTime).toBe('2026-01-31T12:00:06.000Z');
});

test("the status comes from the order's own facts alone", async () => {
  const foreign = shippedOrder.filter(({ metadata }) => metadata.source !== 'shop.orders');

  const view = toOrderView(await viewAfter(foreign));

  expect(view.status).toBeUndefined();
  expect(view.timeline).toHaveLength(foreign.length);
});
