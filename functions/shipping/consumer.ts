import type { Consumer } from '../backbone/consumer.ts';
import { reactor } from '../backbone/reactor.ts';
import { type ReactorPorts, streams, taken } from '../backbone/stream-reactor.ts';
import type { Carrier } from './carrier.ts';
import { type DispatchDeadlinePassed, shipment } from './decider.ts';
import { shipping, shippingDeadline } from './subscriptions.ts';

/** Hands confirmed orders to a carrier. */
export function shippingConsumer(ports: ReactorPorts, carrier: Carrier): Consumer<typeof shipping.facts> {
  return reactor(shipping, {
    OrderConfirmed: { to: streams(shipment, carrier, ports), id: ({ orderId }) => orderId },
  });
}

/** Lets a shipment fail that has not been dispatched in its time. */
export function shippingDeadlineConsumer(
  ports: ReactorPorts,
  carrier: Carrier,
): Consumer<typeof shippingDeadline.facts> {
  const stream = streams(shipment, carrier, ports);
  return reactor(shippingDeadline, {
    OrderConfirmed: {
      to: taken(stream, ({ data: { orderId } }): DispatchDeadlinePassed => {
        return { type: 'DispatchDeadlinePassed', data: { orderId } };
      }),
      id: ({ orderId }) => orderId,
    },
  });
}
