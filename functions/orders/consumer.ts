import type { Consumer } from '../backbone/consumer.ts';
import type { Fact } from '../backbone/fact.ts';
import { NO_OUTSIDE } from '../backbone/outside.ts';
import { reactor } from '../backbone/reactor.ts';
import { type ReactorPorts, streams, taken } from '../backbone/stream-reactor.ts';
import { type OrderDeadlinePassed, type OrderSettlementDue, order, orderIdOf } from './decider.ts';
import { orders, ordersDeadline, ordersSettlement } from './subscriptions.ts';

/** Lets an order react to its cart, and to what the other contexts make of it. */
export function ordersConsumer(ports: ReactorPorts): Consumer<typeof orders.facts> {
  const stream = streams(order, NO_OUTSIDE, ports);
  const ofOrder = { to: stream, id: ({ orderId }: { readonly orderId: string }) => orderId };
  return reactor(orders, {
    CartCheckedOut: { to: stream, id: ({ cartId }) => orderIdOf(cartId), opens: true },
    OrderCancellationRequested: ofOrder,
    InventoryReserved: ofOrder,
    InventoryReservationFailed: ofOrder,
    InventoryReleased: ofOrder,
    PaymentCaptured: ofOrder,
    PaymentFailed: ofOrder,
    PaymentRefunded: ofOrder,
    ShipmentDispatched: ofOrder,
    ShipmentFailed: ofOrder,
  });
}

/** Cancels an order that nobody has confirmed in its time. Nothing is scheduled, and nothing has to be taken back. */
export function ordersDeadlineConsumer(ports: ReactorPorts): Consumer<typeof ordersDeadline.facts> {
  const stream = streams(order, NO_OUTSIDE, ports);
  return reactor(ordersDeadline, {
    OrderPlaced: {
      to: taken(stream, ({ data: { orderId } }): OrderDeadlinePassed => {
        return { type: 'OrderDeadlinePassed', data: { orderId } };
      }),
      id: ({ orderId }) => orderId,
    },
  });
}

/**
 * Looks after cancelled orders: one whose stock or money has not come back fails its event, again and again, until it
 * lies in the dead-letter queue, which is alarmed. Redriving that queue is to look again.
 */
export function ordersSettlementConsumer(ports: ReactorPorts): Consumer<typeof ordersSettlement.facts> {
  const stream = streams(order, NO_OUTSIDE, ports);
  const settlement = {
    to: taken(stream, ({ data: { orderId } }: Fact<string, { readonly orderId: string }>): OrderSettlementDue => {
      return { type: 'OrderSettlementDue', data: { orderId } };
    }),
    id: ({ orderId }: { readonly orderId: string }) => orderId,
  };
  return reactor(ordersSettlement, {
    OrderCancelled: settlement,
    InventoryReserved: settlement,
    PaymentCaptured: settlement,
  });
}
