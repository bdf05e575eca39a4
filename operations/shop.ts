import type { AnyAggregate } from '../functions/backbone/aggregate.ts';
import type { FactType } from '../functions/backbone/fact.ts';
import { reservation } from '../functions/inventory/reservation.ts';
import * as inventory from '../functions/inventory/subscriptions.ts';
import * as notifications from '../functions/notifications/subscriptions.ts';
import * as orderView from '../functions/order-view/subscriptions.ts';
import { order } from '../functions/orders/decider.ts';
import * as orders from '../functions/orders/subscriptions.ts';
import { payment } from '../functions/payments/decider.ts';
import * as payments from '../functions/payments/subscriptions.ts';
import { shipment } from '../functions/shipping/decider.ts';
import * as shipping from '../functions/shipping/subscriptions.ts';
import * as facts from '../schemas/generated/facts.ts';
import type { Catalogue, Store } from './catalogue.ts';

/**
 * What the shop consists of. Its subscriptions and facts are found by themselves; a context that is new has a line in
 * each list here, which a test asks for.
 */
export const shop: Catalogue = {
  facts: Object.values<FactType>(facts),
  subscriptions: [orders, inventory, payments, shipping, notifications, orderView].flatMap((context) =>
    Object.values(context),
  ),
  stores: [
    storeOf('orders', order),
    storeOf('inventory', reservation),
    storeOf('payments', payment),
    storeOf('shipping', shipment),
  ],
};

/** A context's store, with its streams that are kept by order. */
function storeOf(
  context: string,
  { name, publishes }: Pick<AnyAggregate<never, never, never>, 'name' | 'publishes'>,
): Store {
  const [source, ...others] = new Set(Object.values<FactType>(publishes).map((fact) => fact.source));
  if (source === undefined || others.length > 0) {
    throw new Error(
      `the streams of ${context} publish under ${[source, ...others].join(', ')}: a relay has one source`,
    );
  }
  return { context, source, facts: Object.keys(publishes), streamsOfOrder: (orderId) => [`${name}#${orderId}`] };
}
