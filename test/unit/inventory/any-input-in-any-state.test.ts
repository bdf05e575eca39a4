import fc from 'fast-check';
import { test } from 'vitest';
import { delivery } from '../../../functions/inventory/delivery.ts';
import { reservation } from '../../../functions/inventory/reservation.ts';
import { OrderCancelled, OrderPlaced, ShipmentDispatched, StockReceived } from '../../../schemas/generated/facts.ts';
import { anyInputInAnyState } from '../backbone/any-input-in-any-state.ts';
import { arbitraryFact } from '../backbone/arbitrary-fact.ts';

test('a reservation decides upon any input in any state', () => {
  const inputs = fc.oneof(arbitraryFact(OrderPlaced), arbitraryFact(OrderCancelled), arbitraryFact(ShipmentDispatched));
  anyInputInAnyState(reservation, inputs);
});

test('a delivery decides upon any input in any state', () => {
  anyInputInAnyState(delivery, arbitraryFact(StockReceived));
});
