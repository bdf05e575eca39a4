import type { Consumer } from '../backbone/consumer.ts';
import { NO_OUTSIDE } from '../backbone/outside.ts';
import { reactor } from '../backbone/reactor.ts';
import { type ReactorPorts, streams } from '../backbone/stream-reactor.ts';
import { delivery, deliveryIdOf } from './delivery.ts';
import { reservation } from './reservation.ts';
import { inventory } from './subscriptions.ts';

/** Books deliveries, and holds, frees and lets go of the stock of orders. */
export function inventoryConsumer(ports: ReactorPorts): Consumer<typeof inventory.facts> {
  const deliveries = streams(delivery, NO_OUTSIDE, ports);
  const reservations = streams(reservation, NO_OUTSIDE, ports);
  return reactor(inventory, {
    StockReceived: { to: deliveries, id: deliveryIdOf, opens: true },
    OrderPlaced: { to: reservations, id: ({ orderId }) => orderId, opens: true },
    OrderCancelled: { to: reservations, id: ({ orderId }) => orderId },
    ShipmentDispatched: { to: reservations, id: ({ orderId }) => orderId },
  });
}
