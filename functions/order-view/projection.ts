import { createHash } from 'node:crypto';
import type { Received } from '../backbone/envelope.ts';
import type { FactsOf } from '../backbone/fact.ts';
import type { Projections } from '../backbone/projector.ts';
import type { ItemUpdate, Value } from '../backbone/read-model.ts';
import type { orderView } from './subscriptions.ts';

/** What an order's own stream says of it. */
export type Status = 'placed' | 'confirmed' | 'shipped' | 'cancelled';

/** The fields under which the timeline's lines lie in the item: one for each fact, by its id. */
export const TIMELINE = 'fact#';

/** How many partitions of the index one status of one day is spread over, so that none is hot. */
export const SHARDS = 8;

/** Where in the index by status and day an order is found. */
export function statusBucket(status: Status, day: string, orderId: string): string {
  const shard = (createHash('sha256').update(orderId).digest()[0] ?? 0) % SHARDS;
  return `${status}#${day}#${shard}`;
}

type Viewed = FactsOf<typeof orderView.facts>;

/** Every fact adds a line to its order's timeline; a notification may be about no order. */
function line({ metadata, type, data }: Received<Viewed>): ItemUpdate | undefined {
  if (data.orderId === undefined) return undefined;
  const { id, source, time, causationId = null } = metadata;
  return { id: data.orderId, member: { key: `${TIMELINE}${id}`, value: { type, source, time, causationId } } };
}

/** The order stream's own facts alone say how it stands; the newest of them counts, in whatever order they come. */
function status(
  fact: Received<Extract<Viewed, { data: { orderId: string; customerId: string } }>>,
  status: Status,
  once: Readonly<Record<string, Value | undefined>> = {},
): ItemUpdate | undefined {
  const { sequence = 0, time } = fact.metadata;
  const { orderId, customerId } = fact.data;
  const bucket = statusBucket(status, time.slice(0, 10), orderId);
  const fields = { status, statusBucket: bucket, statusTime: time };
  return { ...line(fact), id: orderId, once: { customerId, ...once }, newest: { sequence, fields } };
}

/** The order view: one item an order, whatever the order of arrival. */
export const projections: Projections<typeof orderView.facts> = {
  OrderPlaced: (fact) => {
    const { cartId, currency, total, lines } = fact.data;
    return status(fact, 'placed', { cartId, currency, total, lines });
  },
  OrderConfirmed: (fact) => status(fact, 'confirmed', { paymentId: fact.data.paymentId }),
  OrderShipped: (fact) => {
    const { shipmentId, trackingCode } = fact.data;
    return status(fact, 'shipped', { shipmentId, trackingCode });
  },
  OrderCancelled: (fact) => status(fact, 'cancelled', { reason: fact.data.reason }),
  OrderCancellationRejected: line,
  InventoryReserved: line,
  InventoryReservationFailed: line,
  InventoryReleased: line,
  PaymentCaptured: line,
  PaymentFailed: line,
  PaymentRefunded: line,
  ShipmentDispatched: line,
  ShipmentFailed: line,
  NotificationSent: line,
};
