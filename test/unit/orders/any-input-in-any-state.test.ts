import fc from 'fast-check';
import { test } from 'vitest';
import { type OrderInput, order } from '../../../functions/orders/decider.ts';
import {
  CartCheckedOut,
  PaymentCaptured,
  ShipmentDispatched,
  ShipmentFailed,
} from '../../../schemas/generated/facts.ts';
import { anyInputInAnyState } from '../backbone/any-input-in-any-state.ts';
import { arbitraryFact } from '../backbone/arbitrary-fact.ts';
import {
  inventoryReleased,
  inventoryReservationFailed,
  inventoryReserved,
  paymentFailed,
  paymentRefunded,
} from './mug-order.ts';

/** Carts whose total is an amount; a larger one is refused, see `cart-beyond-all-amounts.test.ts`. */
const affordable = arbitraryFact(CartCheckedOut).map(({ type, data }) => {
  const lines = data.lines.map((line) => ({ ...line, unitPrice: line.unitPrice % 100_000_000 }));
  return { type, data: { ...data, lines } };
});

/** Without its reason, which nobody reads: any text at all takes half a second to get going. */
const request = arbitraryFact(ShipmentFailed).map(({ data: { orderId } }): OrderInput => {
  return { type: 'OrderCancellationRequested', data: { orderId } };
});

/** Inputs of which nothing is taken over into what is published. */
const asTheyAre: fc.Arbitrary<OrderInput> = fc.constantFrom<OrderInput>(
  inventoryReserved,
  inventoryReservationFailed,
  inventoryReleased,
  paymentFailed('declined'),
  paymentRefunded,
  { type: 'OrderDeadlinePassed', data: { orderId: 'order-c1' } },
  { type: 'OrderSettlementDue', data: { orderId: 'order-c1' } },
);

test('an order decides upon any input in any state', () => {
  const inputs: fc.Arbitrary<OrderInput> = fc.oneof(
    affordable,
    request,
    arbitraryFact(PaymentCaptured),
    arbitraryFact(ShipmentDispatched),
    arbitraryFact(ShipmentFailed),
    { weight: 5, arbitrary: asTheyAre },
  );
  anyInputInAnyState(order, inputs);
});
