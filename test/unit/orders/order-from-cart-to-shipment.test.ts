import { test } from 'vitest';
import { orderDecider } from '../../../functions/orders/decider.ts';
import { given } from '../../given-when-then.ts';
import {
  cartCheckedOut,
  orderConfirmed,
  orderPlaced,
  orderShipped,
  paymentCaptured,
  shipmentDispatched,
} from './mug-order.ts';

test('a cart becomes an order with its total', () => {
  given(orderDecider).when(cartCheckedOut).then(orderPlaced);
});

test('a captured payment confirms the order', () => {
  given(orderDecider, orderPlaced).when(paymentCaptured).then(orderConfirmed);
});

test('a dispatched shipment ships the order', () => {
  given(orderDecider, orderPlaced, orderConfirmed).when(shipmentDispatched).then(orderShipped);
});

test('what follows is for whoever bought it, whatever the carrier says', () => {
  const dispatched = { ...shipmentDispatched, data: { ...shipmentDispatched.data, trackingCode: 'track-2' } };

  given(orderDecider, orderPlaced, orderConfirmed)
    .when(dispatched)
    .then({ type: 'OrderShipped', data: { ...orderShipped.data, trackingCode: 'track-2' } });
});
