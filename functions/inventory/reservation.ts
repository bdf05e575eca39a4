import { InventoryReleased, InventoryReservationFailed, InventoryReserved } from '../../schemas/generated/facts.ts';
import { type Aggregate, commit, commitIfEnough, type Decider, SNAPSHOTS } from '../backbone/aggregate.ts';
import type { Fact, FactsOf } from '../backbone/fact.ts';
import { derivedId } from '../backbone/ids.ts';
import { held, type Line, released, shipped, skuOf, sumBySku } from './stock.ts';
import type { inventory } from './subscriptions.ts';

/** The stock that an order holds. */
export type Reservation =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'held'; readonly orderId: string; readonly lines: readonly Line[] }
  /** Short of stock, released, or gone with the shipment. */
  | { readonly kind: 'ended' }
  /** The order was cancelled before it was heard of: nothing will be held for it. */
  | { readonly kind: 'forestalled' };

const publishes = { InventoryReserved, InventoryReservationFailed, InventoryReleased };

export type ReservationInput = Exclude<FactsOf<typeof inventory.facts>, { type: 'StockReceived' }>;
type OwnFact =
  | Fact<'ReservationForestalled', { readonly orderId: string }>
  | Fact<'ReservedStockLeft', { readonly orderId: string }>;
export type ReservationFact = FactsOf<typeof publishes> | OwnFact;

/** Holds stock for an order, all lines or none, until it is shipped or cancelled. */
export const reservationDecider: Decider<Reservation, ReservationInput, ReservationFact> = {
  initialState: { kind: 'unknown' },

  evolve(_reservation, fact): Reservation {
    switch (fact.type) {
      case 'InventoryReserved':
        return { kind: 'held', orderId: fact.data.orderId, lines: fact.data.lines };
      case 'InventoryReservationFailed':
      case 'InventoryReleased':
      case 'ReservedStockLeft':
        return { kind: 'ended' };
      case 'ReservationForestalled':
        return { kind: 'forestalled' };
    }
  },

  decide(reservation, input) {
    switch (input.type) {
      case 'OrderPlaced': {
        if (reservation.kind !== 'unknown') return commit([]);
        const { orderId } = input.data;
        const lines = sumBySku(input.data.lines);
        const data = { orderId, reservationId: reservationIdOf(orderId), lines };
        return commitIfEnough<ReservationFact>([{ type: 'InventoryReserved', data }], lines.map(held), (short) => {
          const shortages = short.map(({ counter, needed, found }) => {
            return { sku: skuOf(counter), requested: needed, available: found };
          });
          return [{ type: 'InventoryReservationFailed', data: { orderId, shortages } }];
        });
      }
      case 'OrderCancelled': {
        const { orderId } = input.data;
        if (reservation.kind === 'unknown') return commit([{ type: 'ReservationForestalled', data: { orderId } }]);
        if (reservation.kind !== 'held') return commit([]);
        const data = { orderId, reservationId: reservationIdOf(orderId), lines: reservation.lines };
        return commit([{ type: 'InventoryReleased', data }], reservation.lines.map(released));
      }
      case 'ShipmentDispatched': {
        if (reservation.kind !== 'held') return commit([]);
        const { orderId } = input.data;
        return commit([{ type: 'ReservedStockLeft', data: { orderId } }], reservation.lines.map(shipped));
      }
    }
  },
};

export const reservation: Aggregate<Reservation, ReservationInput, typeof publishes, OwnFact> = {
  name: 'reservation',
  ...reservationDecider,
  publishes,
  snapshots: SNAPSHOTS,
};

function reservationIdOf(orderId: string): string {
  return derivedId('res', orderId);
}
