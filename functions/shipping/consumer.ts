import type { Consumer } from '../backbone/consumer.ts';
import { reactor } from '../backbone/reactor.ts';
import { type ReactorPorts, streams } from '../backbone/stream-reactor.ts';
import type { Carrier } from './carrier.ts';
import { shipment } from './decider.ts';
import { shipping } from './subscriptions.ts';

/** Hands confirmed orders to a carrier. */
export function shippingConsumer(ports: ReactorPorts, carrier: Carrier): Consumer<typeof shipping.facts> {
  return reactor(shipping, {
    OrderConfirmed: { to: streams(shipment, carrier, ports), id: ({ orderId }) => orderId },
  });
}
