import { ShipmentDispatched, ShipmentFailed } from '../../schemas/generated/facts.ts';
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

/** What is to go where. */
interface Consignment {
  readonly orderId: string;
  readonly shippingAddress: string;
  readonly lines: Dispatch['lines'];
}

/** A confirmed order on its way to the carrier. The round tells the keys of calls apart. */
export type Shipment =
  | { readonly kind: 'unknown' }
  /**
   * Nothing is under way; `round` is the number of the last call, 0 before the first. The carrier had no memory of that
   * call, and no attempt of it could be under way.
   */
  | { readonly kind: 'idle'; readonly due: Consignment; readonly round: number }
  | {
      readonly kind: 'attempted';
      readonly due: Consignment;
      readonly round: number;
      readonly firstMs: number;
      readonly lastMs: number;
    }
  | { readonly kind: 'dispatched' }
  | { readonly kind: 'failed' };

const publishes = { ShipmentDispatched, ShipmentFailed };

export type ShipmentInput = FactsOf<typeof shipping.facts>;
type OwnFact =
  | Fact<'DispatchDue', Consignment>
  | Fact<'DispatchAttempted', { readonly round: number; readonly atMs: number }>
  | Fact<'DispatchLapsed', { readonly round: number }>;
export type ShipmentFact = FactsOf<typeof publishes> | OwnFact;

/** Dispatches a confirmed order once. */
export const shipmentDecider: Decider<Shipment, ShipmentInput | CarrierOutcome, ShipmentFact, Dispatch> = {
  initialState: { kind: 'unknown' },

  evolve(shipment, fact): Shipment {
    switch (fact.type) {
      case 'DispatchDue':
        return { kind: 'idle', due: fact.data, round: 0 };
      case 'DispatchAttempted': {
        if (shipment.kind !== 'idle' && shipment.kind !== 'attempted') return shipment;
        const { round, atMs } = fact.data;
        const firstMs = shipment.kind === 'attempted' && shipment.round === round ? shipment.firstMs : atMs;
        return { kind: 'attempted', due: shipment.due, round, firstMs, lastMs: atMs };
      }
      case 'DispatchLapsed':
        return shipment.kind === 'attempted' ? { kind: 'idle', due: shipment.due, round: fact.data.round } : shipment;
      case 'ShipmentDispatched':
        return { kind: 'dispatched' };
      case 'ShipmentFailed':
        return { kind: 'failed' };
    }
  },

  decide(shipment, input, { nowMs }) {
    if (input.type === 'OrderConfirmed') {
      switch (shipment.kind) {
        case 'unknown': {
          const due = consignmentOf(input.data);
          return dispatch(due, { round: 1, atMs: nowMs, learned: [{ type: 'DispatchDue', data: due }] });
        }
        case 'idle':
          return dispatch(shipment.due, { round: shipment.round + 1, atMs: nowMs });
        case 'attempted':
          return dispatch(shipment.due, { round: shipment.round, atMs: nowMs, before: shipment });
        case 'dispatched':
        case 'failed':
          return commit([]);
      }
    }
    // An outcome of a shipment that has one already: both come from the carrier's one memory, and say the same.
    if (shipment.kind !== 'attempted' && shipment.kind !== 'idle') return commit([]);
    // A call that was taken for lapsed may come true all the same: what has happened is never dropped.
    const { due, round } = shipment;
    const { orderId } = due;
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
        const learned: readonly ShipmentFact[] =
          shipment.kind === 'attempted' ? [{ type: 'DispatchLapsed', data: { round } }] : [];
        return dispatch(due, { round: round + 1, atMs: nowMs, learned });
      }
    }
  },
};

export const shipment: Aggregate<Shipment, ShipmentInput | CarrierOutcome, typeof publishes, OwnFact, Dispatch> = {
  name: 'shipment',
  ...shipmentDecider,
  publishes,
  snapshots: SNAPSHOTS,
};

/** Of a confirmed order what shipping needs, and no more. */
function consignmentOf({ orderId, shippingAddress, lines }: Consignment): Consignment {
  return { orderId, shippingAddress, lines: lines.map(({ sku, quantity }) => ({ sku, quantity })) };
}

function dispatch(
  due: Consignment,
  attempt: { round: number; atMs: number; before?: Attempts; learned?: readonly ShipmentFact[] },
): Decision<ShipmentFact, Dispatch> {
  const { round, atMs, learned = [], before } = attempt;
  const { orderId, shippingAddress: address, lines } = due;
  const shipmentId = shipmentIdOf(orderId);
  const intent: ShipmentFact = { type: 'DispatchAttempted', data: { round, atMs } };
  const key = `${shipmentId}/dispatch/${round}`;
  return call({ key, shipmentId, address, lines }, { learned, intent, before });
}

function shipmentIdOf(orderId: string): string {
  return derivedId('ship', orderId);
}
