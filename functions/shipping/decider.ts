import { ShipmentDispatched, ShipmentFailed } from '../../schemas/generated/facts.ts';
import {
  type Aggregate,
  type Attempts,
  ask,
  call,
  commit,
  type Decider,
  type Decision,
  SNAPSHOTS,
  skip,
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
      /** The deadline has passed: nobody attempts it again, and unless it turns out to have happened it has failed. */
      readonly overdue: boolean;
      readonly round: number;
      readonly firstMs: number;
      readonly lastMs: number;
    }
  | { readonly kind: 'dispatched' }
  | { readonly kind: 'failed' };

const publishes = { ShipmentDispatched, ShipmentFailed };

/** An order's `OrderConfirmed` has come back after the time that it had to be dispatched. */
export type DispatchDeadlinePassed = Fact<'DispatchDeadlinePassed', { readonly orderId: string }>;

export type ShipmentInput = FactsOf<typeof shipping.facts> | DispatchDeadlinePassed;
type OwnFact =
  | Fact<'DispatchDue', Consignment>
  | Fact<'DispatchAttempted', { readonly round: number; readonly atMs: number }>
  | Fact<'DispatchLapsed', { readonly round: number }>
  | Fact<'DispatchOverdue', { readonly orderId: string }>;
export type ShipmentFact = FactsOf<typeof publishes> | OwnFact;

/**
 * Dispatches a confirmed order once, or lets its shipment fail once. After its deadline no dispatch is begun; one that
 * has been begun is asked about, once nobody can be at it any more:
 *
 *     dispatching:   attempt ── call ─ ─ ─ ─ ─ ─ ╳ its function's time is over
 *     deadline:                 overdue ── wait ── ask the carrier ── nothing was sent ── failed
 *                                                                  └─ it was sent ── dispatched
 */
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
        const overdue = shipment.kind === 'attempted' && shipment.overdue;
        return { kind: 'attempted', due: shipment.due, overdue, round, firstMs, lastMs: atMs };
      }
      case 'DispatchOverdue':
        return shipment.kind === 'attempted' ? { ...shipment, overdue: true } : shipment;
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
          if (shipment.overdue)
            return ask(dispatchOf(shipment.due, shipment.round), { learned: [], lastAttemptMs: shipment.lastMs });
          return dispatch(shipment.due, { round: shipment.round, atMs: nowMs, before: shipment });
        case 'dispatched':
        case 'failed':
          return commit([]);
      }
    }
    if (input.type === 'DispatchDeadlinePassed') {
      const { orderId } = input.data;
      switch (shipment.kind) {
        case 'unknown':
        case 'idle':
          return commit([failed(orderId, 'carrier_unavailable')]);
        case 'attempted': {
          const learned: readonly ShipmentFact[] = shipment.overdue
            ? []
            : [{ type: 'DispatchOverdue', data: { orderId } }];
          return ask(dispatchOf(shipment.due, shipment.round), { learned, lastAttemptMs: shipment.lastMs });
        }
        case 'dispatched':
        case 'failed':
          return skip();
      }
    }
    // An outcome of a shipment that has one already: both come from the carrier's one memory, and say the same. That
    // nothing was sent is taken for its last word only when nobody can be sending it any more.
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
      case 'DispatchRefused':
        return commit([failed(orderId, input.data.reason)]);
      case 'DispatchNotFound': {
        if (shipment.kind === 'attempted' && shipment.overdue) return commit([failed(orderId, 'carrier_unavailable')]);
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
  snapshots: { ...SNAPSHOTS, stateVersion: 2 },
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
  const intent: ShipmentFact = { type: 'DispatchAttempted', data: { round, atMs } };
  return call(dispatchOf(due, round), { learned, intent, before });
}

function dispatchOf({ orderId, shippingAddress: address, lines }: Consignment, round: number): Dispatch {
  const shipmentId = shipmentIdOf(orderId);
  return { key: `${shipmentId}/dispatch/${round}`, shipmentId, address, lines };
}

function failed(orderId: string, reason: ShipmentFailed['reason']): ShipmentFact {
  return { type: 'ShipmentFailed', data: { orderId, shipmentId: shipmentIdOf(orderId), reason } };
}

function shipmentIdOf(orderId: string): string {
  return derivedId('ship', orderId);
}
