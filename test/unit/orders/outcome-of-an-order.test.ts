import { expect, test } from 'vitest';
import type { Publication } from '../../../functions/backbone/publisher.ts';
import { orderOutcome } from '../../../functions/orders/outcome.ts';
import type { OrderCancelled } from '../../../schemas/generated/facts.ts';
import { publication } from '../backbone/publication.ts';

function fact(type: string, data: unknown): Publication {
  const { metadata } = publication('f1');
  return { metadata: { ...metadata, type, source: 'shop.orders' }, data };
}

test('a shipped order has come to its good end', () => {
  const shipped = { orderId: 'order-c1', customerId: 'cus-7', shipmentId: 'ship-1', trackingCode: 'track-1' };

  expect(orderOutcome(fact('OrderShipped', shipped))).toBe('shipped');
});

test.each<OrderCancelled['reason']>([
  'out_of_stock',
  'payment_failed',
  'shipment_failed',
  'requested',
  'deadline_passed',
])('a cancelled order ends by its reason: %s', (reason) => {
  expect(orderOutcome(fact('OrderCancelled', { orderId: 'order-c1', customerId: 'cus-7', reason }))).toBe(reason);
});

test.each(['OrderPlaced', 'OrderConfirmed', 'OrderCancellationRejected'])('an order goes on after %s', (type) => {
  expect(orderOutcome(fact(type, { orderId: 'order-c1', reason: 'too_late' }))).toBeUndefined();
});
