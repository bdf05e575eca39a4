import type { Consumer } from '../backbone/consumer.ts';
import { reactor } from '../backbone/reactor.ts';
import { type ReactorPorts, streams } from '../backbone/stream-reactor.ts';
import { payment } from './decider.ts';
import type { PaymentProvider } from './provider.ts';
import { payments } from './subscriptions.ts';

/** Charges orders, and gives the money back for those that end without it. */
export function paymentsConsumer(ports: ReactorPorts, provider: PaymentProvider): Consumer<typeof payments.facts> {
  const stream = streams(payment, provider, ports);
  return reactor(payments, {
    OrderPlaced: { to: stream, id: ({ orderId }) => orderId, opens: true },
    InventoryReserved: { to: stream, id: ({ orderId }) => orderId },
    OrderCancelled: { to: stream, id: ({ orderId }) => orderId },
  });
}
