import { expect, test } from 'vitest';
import { InMemoryReadModel } from '../../../functions/backbone/in-memory-read-model.ts';
import { orderViewConsumer } from '../../../functions/order-view/consumer.ts';
import { projections, SHARDS, statusBucket } from '../../../functions/order-view/projection.ts';
import { orderView } from '../../../functions/order-view/subscriptions.ts';
import { toOrderView } from '../../../functions/order-view/view.ts';
import { invocation } from '../backbone/invocation.ts';
import { received } from '../backbone/received.ts';

test('the orders of one status and day are spread evenly over the index', () => {
  const counts = new Map<string, number>();
  for (let n = 0; n < 8_000; n += 1) {
    const bucket = statusBucket('placed', '2026-01-31', `order-${n}`);
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }

  expect([...counts.keys()].sort()).toEqual(Array.from({ length: SHARDS }, (_, n) => `placed#2026-01-31#${n}`));
  for (const count of counts.values()) expect(count / (8_000 / SHARDS)).toBeCloseTo(1, 0);
});

test('an order stays in its shard: an index that is written by another rule cannot be read', () => {
  expect(statusBucket('placed', '2026-01-31', 'order-c1')).toBe('placed#2026-01-31#5');
});

test('a notification about no order changes no item', () => {
  const data = { customerId: 'cus-7', channel: 'email', template: 'welcome', notificationId: 'n1' } as const;

  expect(projections.NotificationSent(received('f1', { type: 'NotificationSent', data }))).toBeUndefined();
});

test('lines of one moment are sorted by their ids', async () => {
  const readModel = new InMemoryReadModel();
  const data = { orderId: 'order-c1', reason: 'too_late' } as const;
  const events = ['f2', 'f3', 'f1'].map((id) => received(id, { type: 'OrderCancellationRejected', data } as const));

  await Promise.all(orderViewConsumer(readModel).handle(events, invocation()));

  expect(toOrderView(readModel.item('order-c1') ?? {}).timeline.map(({ id }) => id)).toEqual(['f1', 'f2', 'f3']);
});

test('every fact that the view receives has a projection', () => {
  expect(Object.keys(projections).sort()).toEqual(Object.keys(orderView.facts).sort());
});
