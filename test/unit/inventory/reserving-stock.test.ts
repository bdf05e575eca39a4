import { describe, test } from 'vitest';
import {
  type ReservationFact,
  type ReservationInput,
  reservationDecider,
} from '../../../functions/inventory/reservation.ts';
import { given } from '../../given-when-then.ts';
import { inventoryReserved, orderCancelled, orderPlaced, shipmentDispatched } from '../orders/mug-order.ts';

const orderId = 'order-c1';
const hold = (sku: string, quantity: number) => ({
  counter: `stock#${sku}`,
  add: { available: -quantity, reserved: quantity },
  atLeast: { field: 'available', amount: quantity },
});
const released: ReservationFact = { type: 'InventoryReleased', data: inventoryReserved.data };
const left: ReservationFact = { type: 'ReservedStockLeft', data: { orderId } };
const forestalled: ReservationFact = { type: 'ReservationForestalled', data: { orderId } };
const short: ReservationFact = {
  type: 'InventoryReservationFailed',
  data: { orderId, shortages: [{ sku: 'mug', requested: 2, available: 1 }] },
};

test('an order holds each of its articles, if there is enough of all', () => {
  given(reservationDecider)
    .when(orderPlaced)
    .thenCommits([inventoryReserved], [hold('mug', 2), hold('card', 1)]);
});

test('what is missing is told with what there was; nothing is held', () => {
  given(reservationDecider)
    .when(orderPlaced)
    .thenIfShort([{ counter: 'stock#mug', field: 'available', needed: 2, found: 1 }], short);
});

test('lines of one article are summed', () => {
  const line = (sku: string, quantity: number) => ({ sku, quantity, unitPrice: 1 });
  const lines = [line('mug', 2), line('card', 1), line('mug', 3)];
  const summed = [
    { sku: 'mug', quantity: 5 },
    { sku: 'card', quantity: 1 },
  ];

  given(reservationDecider)
    .when({ ...orderPlaced, data: { ...orderPlaced.data, lines } })
    .thenCommits(
      [{ type: 'InventoryReserved', data: { orderId, reservationId: 'res-order-c1', lines: summed } }],
      [hold('mug', 5), hold('card', 1)],
    );
});

test('stock of a cancelled order is available again', () => {
  given(reservationDecider, inventoryReserved)
    .when(orderCancelled('payment_failed'))
    .thenCommits(
      [released],
      [
        { counter: 'stock#mug', add: { available: 2, reserved: -2 } },
        { counter: 'stock#card', add: { available: 1, reserved: -1 } },
      ],
    );
});

test('stock of a dispatched order leaves the house', () => {
  given(reservationDecider, inventoryReserved)
    .when(shipmentDispatched)
    .thenCommits(
      [left],
      [
        { counter: 'stock#mug', add: { reserved: -2, shipped: 2 } },
        { counter: 'stock#card', add: { reserved: -1, shipped: 1 } },
      ],
    );
});

test('an order that is cancelled before it was heard of gets no stock', () => {
  given(reservationDecider).when(orderCancelled('requested')).then(forestalled);
  given(reservationDecider, forestalled).when(orderPlaced).thenNothing();
});

const ended: Readonly<Record<string, readonly ReservationFact[]>> = {
  'short of stock': [short],
  released: [inventoryReserved, released],
  shipped: [inventoryReserved, left],
  forestalled: [forestalled],
};
const inputs: readonly ReservationInput[] = [orderPlaced, orderCancelled('deadline_passed'), shipmentDispatched];

describe.each(Object.entries(ended))('a reservation that is %s', (_, facts) => {
  test.each(inputs.map((input) => [input.type, input] as const))('stays so when %s comes', (_, input) => {
    given(reservationDecider, ...facts)
      .when(input)
      .thenNothing();
  });
});

test('what is held is not held again, and what is not held cannot leave', () => {
  given(reservationDecider, inventoryReserved).when(orderPlaced).thenNothing();
  given(reservationDecider).when(shipmentDispatched).thenNothing();
});
