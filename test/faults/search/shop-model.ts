import type { Fact, FactOf, FactsOf, FactTypes } from '../../../functions/backbone/fact.ts';
import type { Subscription } from '../../../functions/backbone/subscription.ts';
import { reservation } from '../../../functions/inventory/reservation.ts';
import { inventory } from '../../../functions/inventory/subscriptions.ts';
import {
  type OrderDeadlinePassed,
  type OrderSettlementDue,
  order,
  orderIdOf,
} from '../../../functions/orders/decider.ts';
import { orders, ordersDeadline, ordersSettlement } from '../../../functions/orders/subscriptions.ts';
import { payment } from '../../../functions/payments/decider.ts';
import type { ProviderCall, ProviderOutcome } from '../../../functions/payments/provider.ts';
import { payments } from '../../../functions/payments/subscriptions.ts';
import type { CarrierOutcome, Dispatch } from '../../../functions/shipping/carrier.ts';
import { type DispatchDeadlinePassed, shipment } from '../../../functions/shipping/decider.ts';
import { shipping, shippingDeadline } from '../../../functions/shipping/subscriptions.ts';
import type { CartCheckedOut, OrderCancellationRequested, StockReceived } from '../../../schemas/generated/facts.ts';
import type { ShopOrder } from '../invariants.ts';
import type { Done } from './outside-model.ts';
import { NOBODY, type Outcomes, type StreamMachine, StreamModel } from './stream-model.ts';

/** The rules that are searched: the shop's own, or in a test broken ones. */
export interface Rules {
  readonly order: typeof order;
  readonly reservation: typeof reservation;
  readonly payment: typeof payment;
  readonly shipment: typeof shipment;
}

export const RULES: Rules = { order, reservation, payment, shipment };

/** A stream that listens by a subscription. */
export interface Listener {
  readonly subscription: string;
  readonly stream: StreamMachine;
  /** What the stream takes a fact for; nothing where it does not listen to it. */
  readonly takes: (fact: Fact) => number | undefined;
}

const SKU = 'mug';
const CART = 'a';
const ORDER = orderIdOf(CART);

/** A single mug comes in. */
export const stockReceived: FactOf<typeof StockReceived> = {
  type: 'StockReceived',
  data: { sku: SKU, quantity: 1, deliveryId: 'delivery-1' },
};

/** A cart with one mug. */
export function cartCheckedOut(unitPrice: number): FactOf<typeof CartCheckedOut> {
  const lines = [{ sku: SKU, quantity: 1, unitPrice }];
  const references = { customerId: 'cus-1', paymentMethod: 'tok_ok', shippingAddress: 'addr_ok' };
  return { type: 'CartCheckedOut', data: { cartId: CART, currency: 'EUR', lines, ...references } };
}

/** Second thoughts. */
export const orderCancellationRequested: FactOf<typeof OrderCancellationRequested> = {
  type: 'OrderCancellationRequested',
  data: { orderId: ORDER },
};

const PROVIDER: Outcomes<ProviderCall, ProviderOutcome> = {
  name: 'provider',
  of: ({ type }) =>
    type === 'charge'
      ? [
          { type: 'ChargeCaptured', data: null },
          { type: 'ChargeRefused', data: { reason: 'declined' } },
        ]
      : [{ type: 'RefundMade', data: null }],
  notFound: ({ type }) => ({ type: type === 'charge' ? 'ChargeNotFound' : 'RefundNotFound', data: null }),
  // A refund that is never answered is what the alarm of unsettled orders is for.
  mayFailForGood: ({ type }) => type === 'charge',
};

const CARRIER: Outcomes<Dispatch, CarrierOutcome> = {
  name: 'carrier',
  of: () => [
    { type: 'Dispatched', data: { trackingCode: 'track-1' } },
    { type: 'DispatchRefused', data: { reason: 'carrier_refused' } },
  ],
  notFound: () => ({ type: 'DispatchNotFound', data: null }),
  mayFailForGood: () => true,
};

/**
 * What an order consists of: its four streams, who listens to what, and what may come of calls. Every order has the same
 * names and the same cart, because nobody decides by them: two orders differ in their states alone.
 */
export class ShopModel {
  readonly streams: readonly StreamMachine[];
  readonly listeners: readonly Listener[];
  readonly #order;
  readonly #reservation;
  readonly #payment;
  readonly #shipment;

  constructor(rules: Rules) {
    this.#order = new StreamModel(0, rules.order, NOBODY);
    this.#reservation = new StreamModel(1, rules.reservation, NOBODY);
    this.#payment = new StreamModel(2, rules.payment, PROVIDER);
    this.#shipment = new StreamModel(3, rules.shipment, CARRIER);
    this.streams = [this.#order, this.#reservation, this.#payment, this.#shipment];
    this.listeners = [
      listener(orders, this.#order, (fact) => fact),
      listener(ordersDeadline, this.#order, ({ data: { orderId } }): OrderDeadlinePassed => {
        return { type: 'OrderDeadlinePassed', data: { orderId } };
      }),
      listener(ordersSettlement, this.#order, ({ data: { orderId } }): OrderSettlementDue => {
        return { type: 'OrderSettlementDue', data: { orderId } };
      }),
      listener(inventory, this.#reservation, (fact) => (fact.type === 'StockReceived' ? undefined : fact)),
      listener(payments, this.#payment, (fact) => fact),
      listener(shipping, this.#shipment, (fact) => fact),
      listener(shippingDeadline, this.#shipment, ({ data: { orderId } }): DispatchDeadlinePassed => {
        return { type: 'DispatchDeadlinePassed', data: { orderId } };
      }),
    ];
  }

  /** An order in the words of the invariants. */
  describe(states: readonly number[], facts: readonly Fact[], done: readonly Done[]): Omit<ShopOrder, 'total'> {
    const { stage } = this.#order.stateAmong(states);
    const { kind } = this.#reservation.stateAmong(states);
    const told = (type: string) => facts.some((fact) => fact.type === type);
    const hasLeft = kind === 'ended' && told('InventoryReserved');
    const paid = done.filter(({ stream }) => stream === this.#payment.place);
    const sent = done.filter(({ stream, outcome }) => {
      return stream === this.#shipment.place && this.#shipment.inputAt(outcome).type === 'Dispatched';
    });
    const amounts = (outcome: ProviderOutcome['type']) =>
      paid
        .filter((one) => this.#payment.inputAt(one.outcome).type === outcome)
        .map(({ call }) => this.#payment.callAt(call).amount);
    return {
      orderId: ORDER,
      stage: stage.kind,
      stock: kind === 'held' ? 'held' : told('InventoryReleased') ? 'released' : hasLeft ? 'left' : 'not held',
      charges: amounts('ChargeCaptured'),
      refunds: amounts('RefundMade'),
      dispatches: sent.length,
      dispatchedLast: sent.some(({ isLast }) => isLast),
    };
  }
}

function listener<Facts extends FactTypes, Input extends Fact>(
  { name, facts }: Subscription<Facts>,
  stream: StreamMachine & { numberOf(input: Input): number },
  as: (fact: FactsOf<Facts>) => Input | undefined,
): Listener {
  const isListenedTo = (fact: Fact): fact is FactsOf<Facts> => facts[fact.type]?.accepts(fact.data) === true;
  return {
    subscription: name,
    stream,
    takes: (fact) => {
      const input = isListenedTo(fact) ? as(fact) : undefined;
      return input && stream.numberOf(input);
    },
  };
}
