import { describe, test } from 'vitest';
import { type OrderFact, type OrderInput, orderDecider } from '../../../functions/orders/decider.ts';
import { given } from '../../given-when-then.ts';
import {
  cartCheckedOut,
  inventoryReservationFailed,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderShipped,
  paymentCaptured,
  paymentFailed,
  shipmentDispatched,
} from './mug-order.ts';

test('without stock it is cancelled', () => {
  given(orderDecider, orderPlaced).when(inventoryReservationFailed).then(orderCancelled('out_of_stock'));
});

test.each(['declined', 'insufficient_funds', 'expired'] as const)('with its payment %s it is cancelled', (reason) => {
  given(orderDecider, orderPlaced).when(paymentFailed(reason)).then(orderCancelled('payment_failed'));
});

const states: Readonly<Record<string, readonly OrderFact[]>> = {
  'not known yet': [],
  placed: [orderPlaced],
  confirmed: [orderPlaced, orderConfirmed],
  shipped: [orderPlaced, orderConfirmed, orderShipped],
  cancelled: [orderPlaced, orderCancelled('payment_failed')],
};

const inputs: readonly OrderInput[] = [
  cartCheckedOut,
  inventoryReservationFailed,
  paymentCaptured,
  paymentFailed('declined'),
  shipmentDispatched,
];

/** What moves an order on. Every other input in every other state is remembered, and nothing follows. */
const moves: ReadonlySet<string> = new Set([
  'not known yet CartCheckedOut',
  'placed InventoryReservationFailed',
  'placed PaymentCaptured',
  'placed PaymentFailed',
  'confirmed ShipmentDispatched',
]);

describe.each(Object.entries(states))('an order that is %s', (state, facts) => {
  test.each(inputs.filter(({ type }) => !moves.has(`${state} ${type}`)).map((input) => [input.type, input] as const))(
    'is not moved by %s',
    (_, input) =>
      given(orderDecider, ...facts)
        .when(input)
        .thenNothing(),
  );
});
