import { type OrderConfirmed, ShipmentDispatched, ShipmentFailed } from '../../schemas/generated/facts.ts';
import {
  type Aggregate,
  type Attempts,
  call,
  commit,
  type Decider,
  type Decision,
  SNAPSHOTS,
} from '../backbone/aggregate.ts';
import type { Fact, FactsOf } from '../backbone/fact.ts';
import { derivedId } from '../backbone/ids.ts';
import type { CarrierOutcome, Dispatch } from './carrier.ts';
import type { shipping } from './subscriptions.ts';

/** A confirmed order on its way to the carrier. The round tells the keys of calls apart. */
export type Shipment =
  | { readonly kind: 'unknown' }
  | {
      readonly kind: 'attempted';
      readonly order: OrderConfirmed;
      readonly round: number;
      readonly firstMs: number;
      readonly lastMs: number;
    }
  /** The carrier has no memory of the attempts, and none can be under way. */
  | { readonly kind: 'lapsed'; readonly order: OrderConfirmed; readonly round: number }
  | { readonly kind: 'dispatched' }
  | { readonly kind: 'failed' };

const publishes = { ShipmentDispatched, ShipmentFailed };

export type ShipmentInput = FactsOf<typeof shipping.facts>;
export type ShipmentFact =
  | FactsOf<typeof publishes>
  | Fact<'DispatchAttempted', { readonly order: OrderConfirmed; readonly round: number; readonly atMs: number }>
  | Fact<'DispatchLapsed', { readonly order: OrderConfirmed; readonly round: number }>;

/** Dispatches a confirmed order once. */
export const shipmentDecider: Decider<Shipment, ShipmentInput | CarrierOutcome, ShipmentFact, Dispatch> = {
  initialState: { kind: 'unknown' },

  evolve(shipment, fact): Shipment {
    switch (fact.type) {
      case 'DispatchAttempted': {
        const { order, round, atMs } = fact.data;
        const firstMs = shipment.kind === 'attempted' && shipment.round === round ? shipment.firstMs : atMs;
        return { kind: 'attempted', order, round, firstMs, lastMs: atMs };
      }
      case 'DispatchLapsed':
        return { kind: 'lapsed', ...fact.data };
      case 'ShipmentDispatched':
        return { kind: 'dispatched' };
      case 'ShipmentFailed':
        return { kind: 'failed' };
    }
  },

  decide(shipment, input, { nowMs }) {
    if (input.type === 'OrderConfirmed') {
      switch (shipment.kind) {
        case 'unknown':
          return dispatch(input.data, { round: 1, atMs: nowMs });
        case 'lapsed':
          return dispatch(shipment.order, { round: shipment.round + 1, atMs: nowMs });
        case 'attempted':
          return dispatch(shipment.order, { round: shipment.round, atMs: nowMs, before: shipment });
        case 'dispatched':
        case 'failed':
          return commit([]);
      }
    }
    // An outcome of a shipment that has one already: both come from the carrier's one memory, and say the same.
    if (shipment.kind !== 'attempted') return commit([]);
    const { order, round } = shipment;
    const { orderId } = order;
    const shipmentId = shipmentIdOf(orderId);
    switch (input.type) {
      case 'Dispatched': {
        const { trackingCode } = input.data;
        return commit([{ type: 'ShipmentDispatched', data: { orderId, shipmentId, trackingCode } }]);
      }
      case 'DispatchRefused': {
        const { reason } = input.data;
        return commit([{ type: 'ShipmentFailed', data: { orderId, shipmentId, reason } }]);
      }
      case 'DispatchNotFound': {
        const lapsed: ShipmentFact = { type: 'DispatchLapsed', data: { order, round } };
        return dispatch(order, { round: round + 1, atMs: nowMs, learned: [lapsed] });
      }
    }
  },
};

export const shipment: Aggregate<Shipment, ShipmentInput | CarrierOutcome, ShipmentFact, Dispatch> = {
  name: 'shipment',
  ...shipmentDecider,
  publishes,
  snapshots: SNAPSHOTS,
};

function dispatch(
  order: OrderConfirmed,
  attempt: { round: number; atMs: number; before?: Attempts; learned?: readonly ShipmentFact[] },
): Decision<ShipmentFact, Dispatch> {
  const { round, atMs, learned = [], before } = attempt;
  const { orderId, shippingAddress: address, lines } = order;
  const shipmentId = shipmentIdOf(orderId);
  const intent: ShipmentFact = { type: 'DispatchAttempted', data: { order, round, atMs } };
  const key = `${shipmentId}/dispatch/${round}`;
  return call({ key, shipmentId, address, lines }, { learned, intent, before });
}

function shipmentIdOf(orderId: string): string {
  return derivedId('ship', orderId);
}
