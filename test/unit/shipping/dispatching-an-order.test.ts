import { test } from 'vitest';
import { type ShipmentFact, shipmentDecider } from '../../../functions/shipping/decider.ts';
import { A_MOMENT_MS, given } from '../../given-when-then.ts';
import { orderConfirmed, shipmentDispatched } from '../orders/mug-order.ts';

const { shippingAddress, lines } = orderConfirmed.data;
const due: ShipmentFact = { type: 'DispatchDue', data: { orderId: 'order-c1', shippingAddress, lines } };
const later = A_MOMENT_MS + 60_000;
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
const dispatched = { type: 'Dispatched', data: { trackingCode: 'track-1' } } as const;

test('a confirmed order goes to the carrier', () => {
  given(shipmentDecider)
    .when(orderConfirmed)
    .thenCalls(dispatch(1), [due, attempt(1)]);
});

test('what the carrier took is told', () => {
  given(shipmentDecider, due, attempt(1)).when(dispatched).then(shipmentDispatched);
});

test.each(['address_unreachable', 'carrier_refused'] as const)('a refusal as %s is told', (reason) => {
  given(shipmentDecider, due, attempt(1))
    .when({ type: 'DispatchRefused', data: { reason } })
    .then({ type: 'ShipmentFailed', data: { orderId: 'order-c1', shipmentId: 'ship-order-c1', reason } });
});

test('a redelivery that meets an open intent makes a new attempt with the same key', () => {
  given(shipmentDecider, due, attempt(1), attempt(1, later))
    .when(orderConfirmed, { nowMs: later + 1 })
    .thenCalls(dispatch(1), [attempt(1, later + 1)], { firstMs: A_MOMENT_MS, lastMs: later });
});

test('an attempt that the carrier knows nothing of begins a new round', () => {
  given(shipmentDecider, due, attempt(1))
    .when({ type: 'DispatchNotFound', data: null }, { nowMs: later })
    .thenCalls(dispatch(2), [lapse(1), attempt(2, later)]);
  given(shipmentDecider, due, attempt(1), lapse(1))
    .when(orderConfirmed, { nowMs: later })
    .thenCalls(dispatch(2), [attempt(2, later)]);
});

test('of a confirmed order its own fields are kept, and no more', () => {
  const talkative = { ...orderConfirmed.data, lines: lines.map((line) => ({ ...line, gift: true })), mood: 'good' };

  given(shipmentDecider)
    .when({ ...orderConfirmed, data: talkative })
    .thenCalls(dispatch(1), [due, attempt(1)]);
});

test('what the carrier says of a dispatch that was taken for lapsed is not dropped', () => {
  const lapsed = [due, attempt(1), lapse(1)] as const;

  given(shipmentDecider, ...lapsed)
    .when(dispatched)
    .then(shipmentDispatched);
  given(shipmentDecider, ...lapsed)
    .when({ type: 'DispatchRefused', data: { reason: 'address_unreachable' } })
    .then(failed);
  given(shipmentDecider, ...lapsed)
    .when({ type: 'DispatchNotFound', data: null })
    .thenCalls(dispatch(2), [attempt(2)]);
});

const failed: ShipmentFact = {
  type: 'ShipmentFailed',
  data: { orderId: 'order-c1', shipmentId: 'ship-order-c1', reason: 'address_unreachable' },
};

test.each([
  ['dispatched', shipmentDispatched],
  ['failed', failed],
] as const)('what is %s stays so, whatever comes', (_, end) => {
  given(shipmentDecider, due, attempt(1), end).when(orderConfirmed).thenNothing();
  given(shipmentDecider, due, attempt(1), end).when(dispatched).thenNothing();
  given(shipmentDecider, due, attempt(1), end).when({ type: 'DispatchNotFound', data: null }).thenNothing();
});
