import type { Consumer } from '../backbone/consumer.ts';
import { NO_OUTSIDE } from '../backbone/outside.ts';
import { reactor } from '../backbone/reactor.ts';
import { type ReactorPorts, streams } from '../backbone/stream-reactor.ts';
import { order, orderIdOf } from './decider.ts';
import { orders } from './subscriptions.ts';

/** Lets an order react to its cart, and to what the other contexts make of it. */
export function ordersConsumer(ports: ReactorPorts): Consumer<typeof orders.facts> {
  const stream = streams(order, NO_OUTSIDE, ports);
  return reactor(orders, {
    CartCheckedOut: { to: stream, id: ({ cartId }) => orderIdOf(cartId), opens: true },
    InventoryReservationFailed: { to: stream, id: ({ orderId }) => orderId },
    PaymentCaptured: { to: stream, id: ({ orderId }) => orderId },
    PaymentFailed: { to: stream, id: ({ orderId }) => orderId },
    ShipmentDispatched: { to: stream, id: ({ orderId }) => orderId },
  });
}
