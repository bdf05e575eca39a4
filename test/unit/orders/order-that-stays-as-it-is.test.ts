import { describe, test } from 'vitest';
import { type OrderFact, type OrderInput, orderDecider } from '../../../functions/orders/decider.ts';
import { given } from '../../given-when-then.ts';
import {
  cartCheckedOut,
  inventoryReservationFailed,
  orderCancellationRejected,
  orderCancellationRequested,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderShipped,
  paymentCaptured,
  paymentFailed,
  shipmentDispatched,
  shipmentFailed,
} from './mug-order.ts';

const orderId = 'order-c1';
const requestNoted: OrderFact = { type: 'CancellationRequestNoted', data: { orderId } };
const tooLate = orderCancellationRejected('too_late');
const alreadyCancelled = orderCancellationRejected('already_cancelled');

const states: Readonly<Record<string, readonly OrderFact[]>> = {
  'not known yet': [],
  'to be cancelled when its cart comes': [requestNoted],
  placed: [orderPlaced],
  confirmed: [orderPlaced, orderConfirmed, tooLate],
  shipped: [orderPlaced, orderConfirmed, tooLate, orderShipped],
  cancelled: [orderPlaced, orderCancelled('payment_failed'), alreadyCancelled],
  'cancelled after it was confirmed': [
    orderPlaced,
    orderConfirmed,
    tooLate,
    orderCancelled('shipment_failed'),
    alreadyCancelled,
  ],
};

const inputs: readonly OrderInput[] = [
  cartCheckedOut,
  orderCancellationRequested,
  inventoryReservationFailed,
  paymentCaptured,
  paymentFailed('declined'),
  shipmentDispatched,
  shipmentFailed('carrier_refused'),
];

/**
 * What moves an order on. Every other input in every other state is remembered, and nothing follows. What inventory and
 * payments hold and give back is noted at any time, see `what-a-cancelled-order-still-keeps.test.ts`.
 */
const moves: ReadonlySet<string> = new Set([
  'not known yet CartCheckedOut',
  'not known yet OrderCancellationRequested',
  'not known yet PaymentCaptured',
  'to be cancelled when its cart comes CartCheckedOut',
  'to be cancelled when its cart comes PaymentCaptured',
  'placed OrderCancellationRequested',
  'placed InventoryReservationFailed',
  'placed PaymentCaptured',
  'placed PaymentFailed',
  'confirmed ShipmentDispatched',
  'confirmed ShipmentFailed',
  'cancelled PaymentCaptured',
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
