import { OrderCancelled, OrderConfirmed, OrderPlaced, OrderShipped } from '../../schemas/generated/facts.ts';
import { type Aggregate, commit, type Decider, SNAPSHOTS } from '../backbone/aggregate.ts';
import type { FactsOf } from '../backbone/fact.ts';
import type { orders } from './subscriptions.ts';

/** Where an order stands. Its stream is the saga's state too: what was asked of whom follows from it. */
export type Order =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'placed'; readonly order: OrderPlaced }
  | { readonly kind: 'confirmed'; readonly customerId: string }
  | { readonly kind: 'shipped' }
  | { readonly kind: 'cancelled' };

const publishes = { OrderPlaced, OrderConfirmed, OrderShipped, OrderCancelled };

export type OrderInput = FactsOf<typeof orders.facts>;
export type OrderFact = FactsOf<typeof publishes>;

/** However often and under however many event ids a cart is checked out, it is one order. */
export function orderIdOf(cartId: string): string {
  return `order-${cartId}`;
}

/**
 * An order from its cart to its shipment or its cancellation. `OrderConfirmed` is the point of no return.
 */
export const orderDecider: Decider<Order, OrderInput, OrderFact> = {
  initialState: { kind: 'unknown' },

  evolve(_order, fact): Order {
    switch (fact.type) {
      case 'OrderPlaced':
        return { kind: 'placed', order: fact.data };
      case 'OrderConfirmed':
        return { kind: 'confirmed', customerId: fact.data.customerId };
      case 'OrderShipped':
        return { kind: 'shipped' };
      case 'OrderCancelled':
        return { kind: 'cancelled' };
    }
  },

  decide(order, input) {
    switch (input.type) {
      case 'CartCheckedOut':
        return commit(order.kind === 'unknown' ? [{ type: 'OrderPlaced', data: place(input.data) }] : []);
      case 'InventoryReservationFailed':
        return commit(order.kind === 'placed' ? [cancelled(order.order, 'out_of_stock')] : []);
      case 'PaymentFailed':
        return commit(order.kind === 'placed' ? [cancelled(order.order, 'payment_failed')] : []);
      case 'PaymentCaptured':
        return commit(order.kind === 'placed' ? [confirmed(order.order, input.data.paymentId)] : []);
      case 'ShipmentDispatched': {
        if (order.kind !== 'confirmed') return commit([]);
        const { orderId, shipmentId, trackingCode } = input.data;
        const { customerId } = order;
        return commit([{ type: 'OrderShipped', data: { orderId, customerId, shipmentId, trackingCode } }]);
      }
    }
  },
};

export const order: Aggregate<Order, OrderInput, typeof publishes> = {
  name: 'order',
  ...orderDecider,
  publishes,
  snapshots: SNAPSHOTS,
};

type Cart = Extract<OrderInput, { type: 'CartCheckedOut' }>['data'];

function place({ cartId, customerId, currency, lines, paymentMethod, shippingAddress }: Cart): OrderPlaced {
  return {
    orderId: orderIdOf(cartId),
    cartId,
    customerId,
    currency,
    lines: lines.map(({ sku, quantity, unitPrice }) => ({ sku, quantity, unitPrice })),
    total: lines.reduce((total, { quantity, unitPrice }) => total + quantity * unitPrice, 0),
    paymentMethod,
    shippingAddress,
  };
}

function confirmed(order: OrderPlaced, paymentId: string): OrderFact {
  const { orderId, customerId, currency, total, shippingAddress } = order;
  const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return { type: 'OrderConfirmed', data: { orderId, customerId, currency, total, lines, shippingAddress, paymentId } };
}

function cancelled({ orderId, customerId }: OrderPlaced, reason: OrderCancelled['reason']): OrderFact {
  return { type: 'OrderCancelled', data: { orderId, customerId, reason } };
}
