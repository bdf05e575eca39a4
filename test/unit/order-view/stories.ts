import type { Received } from '../../../functions/backbone/envelope.ts';
import type { FactsOf } from '../../../functions/backbone/fact.ts';
import type { orderView } from '../../../functions/order-view/subscriptions.ts';
import { received } from '../backbone/received.ts';
import {
  inventoryReserved,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderShipped,
  paymentCaptured,
  paymentFailed,
  shipmentDispatched,
} from '../orders/mug-order.ts';

type Viewed = FactsOf<typeof orderView.facts>;
type Step = readonly [source: string, fact: Viewed, sequence?: number];

const told = (...steps: readonly Step[]): readonly Received<Viewed>[] =>
  steps.map(([source, fact, sequence], n) =>
    received(`f${n + 1}`, fact, {
      source: `shop.${source}`,
      time: `2026-01-31T12:00:0${n + 1}.000Z`,
      ...(sequence !== undefined && { sequence }),
      ...(n > 0 && { causationId: `f${n}` }),
    }),
  );

const notificationSent: Viewed = {
  type: 'NotificationSent',
  data: { orderId: 'order-c1', customerId: 'cus-7', channel: 'email', template: 'order-shipped', notificationId: 'n1' },
};
const tooLate: Viewed = { type: 'OrderCancellationRejected', data: { orderId: 'order-c1', reason: 'too_late' } };
const released: Viewed = { type: 'InventoryReleased', data: inventoryReserved.data };

/** An order that comes to its good end: every second a fact. */
export const shippedOrder = told(
  ['orders', orderPlaced, 1],
  ['inventory', inventoryReserved],
  ['payments', paymentCaptured],
  ['orders', orderConfirmed, 2],
  ['shipping', shipmentDispatched],
  ['orders', orderShipped, 3],
  ['notifications', notificationSent],
  ['orders', tooLate, 4],
);

/** An order whose payment fails. */
export const cancelledOrder = told(
  ['orders', orderPlaced, 1],
  ['inventory', inventoryReserved],
  ['payments', paymentFailed('declined')],
  ['orders', orderCancelled('payment_failed'), 2],
  ['inventory', released],
);
