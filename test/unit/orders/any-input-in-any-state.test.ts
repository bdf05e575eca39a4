import fc from 'fast-check';
import { test } from 'vitest';
import { order } from '../../../functions/orders/decider.ts';
import {
  CartCheckedOut,
  InventoryReservationFailed,
  PaymentCaptured,
  PaymentFailed,
  ShipmentDispatched,
} from '../../../schemas/generated/facts.ts';
import { anyInputInAnyState } from '../backbone/any-input-in-any-state.ts';
import { arbitraryFact } from '../backbone/arbitrary-fact.ts';

/** Carts whose total is an amount; a larger one is refused, see `cart-beyond-all-amounts.test.ts`. */
const affordable = arbitraryFact(CartCheckedOut).map(({ type, data }) => {
  const lines = data.lines.map((line) => ({ ...line, unitPrice: line.unitPrice % 100_000_000 }));
  return { type, data: { ...data, lines } };
});

test('an order decides upon any input in any state', () => {
  const inputs = fc.oneof(
    affordable,
    arbitraryFact(InventoryReservationFailed),
    arbitraryFact(PaymentCaptured),
    arbitraryFact(PaymentFailed),
    arbitraryFact(ShipmentDispatched),
  );
  anyInputInAnyState(order, inputs);
});
