import { test } from 'vitest';
import { orderDecider } from '../../../functions/orders/decider.ts';
import { given } from '../../given-when-then.ts';
import {
  inventoryReservationFailed,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  paymentFailed,
  shipmentFailed,
} from './mug-order.ts';

test('without stock it is cancelled', () => {
  given(orderDecider, orderPlaced).when(inventoryReservationFailed).then(orderCancelled('out_of_stock'));
});

test.each(['declined', 'insufficient_funds', 'expired'] as const)('with its payment %s it is cancelled', (reason) => {
  given(orderDecider, orderPlaced).when(paymentFailed(reason)).then(orderCancelled('payment_failed'));
});

test.each(['address_unreachable', 'carrier_refused', 'carrier_unavailable'] as const)(
  'with its shipment %s it is cancelled, although it was confirmed',
  (reason) => {
    given(orderDecider, orderPlaced, orderConfirmed)
      .when(shipmentFailed(reason))
      .then(orderCancelled('shipment_failed'));
  },
);
