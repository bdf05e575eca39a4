import { type Reservation, reservation } from '../../functions/inventory/reservation.ts';
import { OrderCancelled, OrderPlaced, ShipmentDispatched } from '../../schemas/generated/facts.ts';
import { callsNobody, heard, portrait } from './portrait.ts';

const states = { unknown: 'passing', held: 'passing', ended: 'end', forestalled: 'end' } as const;

function nameOf({ kind }: Reservation): keyof typeof states {
  return kind;
}

export const reservationPortrait = portrait({
  aggregate: reservation,
  file: 'functions/inventory/reservation.ts',
  about:
    'A reservation holds the stock of an order, all lines or none, until it is shipped or cancelled. Where the cancellation comes first, nothing is ever held.',
  states,
  nameOf,
  inputs: {
    OrderPlaced: heard(OrderPlaced),
    OrderCancelled: heard(OrderCancelled),
    ShipmentDispatched: heard(ShipmentDispatched),
  },
  outcomes: callsNobody,
});
