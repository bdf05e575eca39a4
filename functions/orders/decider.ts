import {
  OrderCancellationRejected,
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderShipped,
} from '../../schemas/generated/facts.ts';
import { type Aggregate, commit, type Decider, notYet, SNAPSHOTS, skip } from '../backbone/aggregate.ts';
import type { Fact, FactsOf } from '../backbone/fact.ts';
import type { orders } from './subscriptions.ts';

/** How far an order has come. */
export type Stage =
  /** Its cart has not come yet; a request to cancel it may have. */
  | { readonly kind: 'unknown'; readonly cancellationRequested: boolean }
  | { readonly kind: 'placed'; readonly order: OrderPlaced }
  | { readonly kind: 'confirmed'; readonly customerId: string }
  | { readonly kind: 'shipped' }
  | { readonly kind: 'cancelled' };

type Rejection = OrderCancellationRejected['reason'];

/** An order. Its stream is the saga's state too: what was asked of whom, and what they answered, follows from it. */
export interface Order {
  readonly stage: Stage;
  /** What requests to cancel it have been answered: each answer is given once. */
  readonly rejections: readonly Rejection[];
  /** What inventory has said. */
  readonly stock: 'not held' | 'held' | 'released';
  /** What payments has said; an order of nothing captures nothing. */
  readonly money: 'not captured' | 'captured' | 'refunded';
}

const publishes = { OrderPlaced, OrderConfirmed, OrderShipped, OrderCancelled, OrderCancellationRejected };

interface OfOrder {
  readonly orderId: string;
}

/** An order's `OrderPlaced` has come back after the time that it had to be confirmed. */
export type OrderDeadlinePassed = Fact<'OrderDeadlinePassed', OfOrder>;
/** The time is over that the others had to undo what they had done for an order, if it was cancelled. */
export type OrderSettlementDue = Fact<'OrderSettlementDue', OfOrder>;

export type OrderInput = FactsOf<typeof orders.facts> | OrderDeadlinePassed | OrderSettlementDue;
type OwnFact = Fact<
  'CancellationRequestNoted' | 'StockHeldNoted' | 'StockReleaseNoted' | 'PaymentCaptureNoted' | 'PaymentRefundNoted',
  OfOrder
>;
export type OrderFact = FactsOf<typeof publishes> | OwnFact;

/** However often and under however many event ids a cart is checked out, it is one order. */
export function orderIdOf(cartId: string): string {
  return `order-${cartId}`;
}

/**
 * An order from its cart to its shipment or its cancellation. `OrderConfirmed` is the point of no return: after it, only
 * a shipment that is impossible cancels.
 */
export const orderDecider: Decider<Order, OrderInput, OrderFact> = {
  initialState: {
    stage: { kind: 'unknown', cancellationRequested: false },
    rejections: [],
    stock: 'not held',
    money: 'not captured',
  },

  evolve(order, fact): Order {
    switch (fact.type) {
      case 'CancellationRequestNoted':
        return { ...order, stage: { kind: 'unknown', cancellationRequested: true } };
      case 'OrderPlaced':
        return { ...order, stage: { kind: 'placed', order: fact.data } };
      case 'OrderConfirmed': {
        const { customerId, total } = fact.data;
        const money = total > 0 && order.money === 'not captured' ? 'captured' : order.money;
        return { ...order, stage: { kind: 'confirmed', customerId }, money };
      }
      case 'OrderShipped':
        return { ...order, stage: { kind: 'shipped' } };
      case 'OrderCancelled':
        return { ...order, stage: { kind: 'cancelled' } };
      case 'OrderCancellationRejected':
        return { ...order, rejections: [...order.rejections, fact.data.reason] };
      case 'StockHeldNoted':
        return { ...order, stock: 'held' };
      case 'StockReleaseNoted':
        return { ...order, stock: 'released' };
      case 'PaymentCaptureNoted':
        return { ...order, money: 'captured' };
      case 'PaymentRefundNoted':
        return { ...order, money: 'refunded' };
    }
  },

  decide(order, input) {
    const { stage } = order;
    switch (input.type) {
      case 'CartCheckedOut': {
        if (stage.kind !== 'unknown') return commit([]);
        const placed = place(input.data);
        const cancellation = stage.cancellationRequested ? [cancelled(placed, 'requested')] : [];
        return commit([{ type: 'OrderPlaced', data: placed }, ...cancellation]);
      }
      case 'OrderCancellationRequested':
        return commit(answerCancellation(order, input.data));
      // What has passed stays so: these two are not remembered, so that they count whenever they come again.
      case 'OrderDeadlinePassed':
        return stage.kind === 'placed' ? commit([cancelled(stage.order, 'deadline_passed')]) : skip();
      case 'OrderSettlementDue': {
        const open = unsettled(order);
        return open.length === 0 ? skip() : notYet(`${input.data.orderId} is cancelled, but ${open.join(' and ')}`);
      }
      case 'InventoryReserved':
        return commit(order.stock === 'not held' ? [note('StockHeldNoted', input.data)] : []);
      case 'InventoryReservationFailed':
        return commit(stage.kind === 'placed' ? [cancelled(stage.order, 'out_of_stock')] : []);
      case 'InventoryReleased':
        return commit(order.stock === 'released' ? [] : [note('StockReleaseNoted', input.data)]);
      case 'PaymentCaptured': {
        if (stage.kind === 'placed') return commit([confirmed(stage.order, input.data.paymentId)]);
        const isNew = order.money === 'not captured' && input.data.amount > 0;
        return commit(isNew ? [note('PaymentCaptureNoted', input.data)] : []);
      }
      case 'PaymentFailed':
        return commit(stage.kind === 'placed' ? [cancelled(stage.order, 'payment_failed')] : []);
      case 'PaymentRefunded':
        return commit(order.money === 'refunded' ? [] : [note('PaymentRefundNoted', input.data)]);
      case 'ShipmentDispatched': {
        if (stage.kind !== 'confirmed') return commit([]);
        const { orderId, shipmentId, trackingCode } = input.data;
        const { customerId } = stage;
        return commit([{ type: 'OrderShipped', data: { orderId, customerId, shipmentId, trackingCode } }]);
      }
      case 'ShipmentFailed': {
        if (stage.kind !== 'confirmed') return commit([]);
        return commit([cancelled({ ...stage, orderId: input.data.orderId }, 'shipment_failed')]);
      }
    }
  },
};

export const order: Aggregate<Order, OrderInput, typeof publishes, OwnFact> = {
  name: 'order',
  ...orderDecider,
  publishes,
  snapshots: { ...SNAPSHOTS, stateVersion: 2 },
};

/** What a cancelled order still keeps of others, in words for people. */
export function unsettled({ stage, stock, money }: Order): readonly string[] {
  if (stage.kind !== 'cancelled') return [];
  return [
    ...(stock === 'held' ? ['its stock is still held'] : []),
    ...(money === 'captured' ? ['its money is not refunded'] : []),
  ];
}

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

/** In time, a request cancels, even before its cart has come; too late, it is told so and nothing changes. */
function answerCancellation({ stage, rejections }: Order, { orderId }: OfOrder): readonly OrderFact[] {
  const reject = (reason: Rejection): readonly OrderFact[] =>
    rejections.includes(reason) ? [] : [{ type: 'OrderCancellationRejected', data: { orderId, reason } }];
  switch (stage.kind) {
    case 'unknown':
      return stage.cancellationRequested ? [] : [note('CancellationRequestNoted', { orderId })];
    case 'placed':
      return [cancelled(stage.order, 'requested')];
    case 'confirmed':
    case 'shipped':
      return reject('too_late');
    case 'cancelled':
      return reject('already_cancelled');
  }
}

function note(type: OwnFact['type'], { orderId }: OfOrder): OrderFact {
  return { type, data: { orderId } };
}

function confirmed(order: OrderPlaced, paymentId: string): OrderFact {
  const { orderId, customerId, currency, total, shippingAddress } = order;
  const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return { type: 'OrderConfirmed', data: { orderId, customerId, currency, total, lines, shippingAddress, paymentId } };
}

function cancelled(
  { orderId, customerId }: Pick<OrderPlaced, 'orderId' | 'customerId'>,
  reason: OrderCancelled['reason'],
): OrderFact {
  return { type: 'OrderCancelled', data: { orderId, customerId, reason } };
}
