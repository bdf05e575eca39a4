import { describe, test } from 'vitest';
import { type ShipmentFact, type ShipmentInput, shipmentDecider } from '../../../functions/shipping/decider.ts';
import { A_MOMENT_MS, given } from '../../given-when-then.ts';
import { orderConfirmed, shipmentDispatched, shipmentFailed } from '../orders/mug-order.ts';

const orderId = 'order-c1';
const { shippingAddress, lines } = orderConfirmed.data;
const due: ShipmentFact = { type: 'DispatchDue', data: { orderId, shippingAddress, lines } };
const overdue: ShipmentFact = { type: 'DispatchOverdue', data: { orderId } };
const deadlinePassed: ShipmentInput = { type: 'DispatchDeadlinePassed', data: { orderId } };
const later = A_MOMENT_MS + 900_000;
const attempt = (round: number, atMs = A_MOMENT_MS): ShipmentFact => ({
  type: 'DispatchAttempted',
  data: { round, atMs },
});
const lapse = (round: number): ShipmentFact => ({ type: 'DispatchLapsed', data: { round } });
const dispatch = (round: number) => ({
  key: `ship-order-c1/dispatch/${round}`,
  shipmentId: 'ship-order-c1',
  address: 'addr_ok',
  lines,
});
const unavailable = shipmentFailed('carrier_unavailable');

describe('a shipment of which nothing is under way fails at its deadline', () => {
  test('when nobody has heard of it', () => {
    given(shipmentDecider).when(deadlinePassed).then(unavailable);
  });

  test('when its last dispatch has lapsed', () => {
    given(shipmentDecider, due, attempt(1), lapse(1)).when(deadlinePassed).then(unavailable);
  });

  test('and is not dispatched when its order is heard of later', () => {
    given(shipmentDecider, unavailable).when(orderConfirmed).thenNothing();
    given(shipmentDecider, unavailable).when(deadlinePassed).thenSkips();
  });
});

describe('a shipment whose dispatch is under way at its deadline', () => {
  test('is noted as overdue before the carrier is asked', () => {
    given(shipmentDecider, due, attempt(1))
      .when(deadlinePassed, { nowMs: later })
      .thenAsks(dispatch(1), A_MOMENT_MS, overdue);
  });

  test('is noted once', () => {
    given(shipmentDecider, due, attempt(1), overdue)
      .when(deadlinePassed, { nowMs: later })
      .thenAsks(dispatch(1), A_MOMENT_MS);
  });

  test('is asked about by its last attempt and its round', () => {
    given(shipmentDecider, due, attempt(1), lapse(1), attempt(2, A_MOMENT_MS + 1), attempt(2, A_MOMENT_MS + 2))
      .when(deadlinePassed, { nowMs: later })
      .thenAsks(dispatch(2), A_MOMENT_MS + 2, overdue);
  });

  test('is never attempted again, only asked about', () => {
    given(shipmentDecider, due, attempt(1), overdue)
      .when(orderConfirmed, { nowMs: later })
      .thenAsks(dispatch(1), A_MOMENT_MS);
  });

  test('stays overdue, even if somebody attempted it again', () => {
    given(shipmentDecider, due, attempt(1), overdue, attempt(1, A_MOMENT_MS + 1))
      .when(orderConfirmed, { nowMs: later })
      .thenAsks(dispatch(1), A_MOMENT_MS + 1);
  });

  test('has failed when the carrier knows nothing of it', () => {
    given(shipmentDecider, due, attempt(1), overdue)
      .when({ type: 'DispatchNotFound', data: null }, { nowMs: later })
      .then(unavailable);
  });

  test('is dispatched when the carrier has taken it: that it is late does not undo it', () => {
    given(shipmentDecider, due, attempt(1), overdue)
      .when({ type: 'Dispatched', data: { trackingCode: 'track-1' } }, { nowMs: later })
      .then(shipmentDispatched);
  });

  test.each(['address_unreachable', 'carrier_refused'] as const)(
    'has failed for the reason of the carrier when it refused: %s',
    (reason) => {
      given(shipmentDecider, due, attempt(1), overdue)
        .when({ type: 'DispatchRefused', data: { reason } }, { nowMs: later })
        .then(shipmentFailed(reason));
    },
  );
});

test.each([
  ['dispatched', shipmentDispatched],
  ['failed', shipmentFailed('address_unreachable')],
] as const)('what is %s has nothing to do with its deadline any more', (_, end) => {
  given(shipmentDecider, due, attempt(1), end).when(deadlinePassed).thenSkips();
  given(shipmentDecider, due, attempt(1), overdue, end).when(deadlinePassed).thenSkips();
});
