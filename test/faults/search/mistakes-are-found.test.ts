import { expect, test } from 'vitest';
import { commit, notYet } from '../../../functions/backbone/aggregate.ts';
import type { Invariant } from '../invariants.ts';
import { type Circumstances, ONE_ORDER, TWO_ORDERS } from './circumstances.ts';
import { story } from './report.ts';
import { type Search, search } from './search.ts';
import { RULES, type Rules } from './shop-model.ts';

const { order, reservation, payment, shipment } = RULES;

const FEW: Circumstances = {
  ...ONE_ORDER,
  cancellation: false,
  secondClick: false,
  deadLetters: false,
  forgottenKeys: 0,
};

/** What is found first, as it is told. */
function firstViolation(wanted: Partial<Search>): string {
  const { violation } = search({ orders: 1, rules: RULES, circumstances: FEW, mostStates: 1_000_000, ...wanted });
  return violation === undefined ? 'nothing' : story(violation);
}

test('without the fence, the money of a charge is kept that comes true after it was taken for lapsed', () => {
  const found = firstViolation({ circumstances: { ...FEW, fence: 'ignored' } });

  expect(found).toMatch(/^order-a is cancelled, and 2500 is kept/);
  expect(found).toMatch(/: ChargeNotFound\n.*: ChargeCaptured\n.* dies\n.* with ChargeNotFound in hand/s);
});

test('without the fence, the order is found that is refunded, released, and then dispatched', () => {
  const neverDispatchedLast: Invariant = {
    promise: 'nothing is dispatched when all is undone',
    violations: ({ orders }) =>
      orders.filter(({ dispatchedLast }) => dispatchedLast).map(({ orderId }) => `${orderId} is dispatched last`),
  };
  const promises = { always: [neverDispatchedLast], atRest: [] };

  const found = firstViolation({ promises, circumstances: { ...FEW, fence: 'ignored' } });

  const deeds = ['DispatchAttempted', 'DispatchNotFound', 'ShipmentFailed', 'OrderCancelled', 'InventoryReleased'];
  expect(found).toMatch(new RegExp([...deeds, 'RefundMade', 'PaymentRefunded'].join('.*'), 's'));
  expect(found).toMatch(/ {2}shipping +OrderConfirmed +calls ship-order-a\/dispatch\/1: Dispatched$/);
  expect(firstViolation({ promises })).toBe('nothing');
});

const MISTAKES: readonly [string, Partial<Rules>, RegExp][] = [
  [
    'a shipment fails at its deadline without a question to the carrier',
    {
      shipment: {
        ...shipment,
        decide: (state, input, at) => {
          if (input.type !== 'DispatchDeadlinePassed' || state.kind !== 'attempted') {
            return shipment.decide(state, input, at);
          }
          const { orderId } = input.data;
          const data = { orderId, shipmentId: `ship-${orderId}`, reason: 'carrier_unavailable' as const };
          return commit([{ type: 'ShipmentFailed', data }]);
        },
      },
    },
    /order-a is dispatched and cancelled/,
  ],
  [
    'a charge that comes true on a cancelled order is dropped',
    {
      payment: {
        ...payment,
        decide: (state, input, at) => {
          const isDropped = input.type === 'ChargeCaptured' && state.orderCancelled;
          return isDropped ? commit([]) : payment.decide(state, input, at);
        },
      },
    },
    /order-a is cancelled, and 2500 is kept/,
  ],
  [
    'a cancellation that comes before its order is not remembered',
    {
      reservation: {
        ...reservation,
        decide: (state, input, at) => {
          const isEarly = input.type === 'OrderCancelled' && state.kind === 'unknown';
          return isEarly ? commit([]) : reservation.decide(state, input, at);
        },
      },
    },
    /order-a is cancelled, and its stock is held/,
  ],
  [
    'a cancelled order is confirmed by its payment',
    {
      order: {
        ...order,
        decide: (state, input, at) => {
          if (input.type !== 'PaymentCaptured' || state.stage.kind !== 'cancelled')
            return order.decide(state, input, at);
          return commit([
            { type: 'OrderShipped', data: { orderId: '', customerId: '', shipmentId: '', trackingCode: '' } },
          ]);
        },
      },
    },
    /order-a is shipped/,
  ],
  [
    'a refund is not noted, so that its order never counts as settled',
    {
      order: {
        ...order,
        decide: (state, input, at) => (input.type === 'PaymentRefunded' ? commit([]) : order.decide(state, input, at)),
      },
    },
    /orders-settlement of order-a holds 3 messages instead of 0/,
  ],
  [
    'a payment that has been captured is captured anew',
    {
      payment: {
        ...payment,
        evolve: (state, fact) => {
          return fact.type === 'PaymentCaptured'
            ? { ...state, charge: { kind: 'idle', round: 1 } }
            : payment.evolve(state, fact);
        },
      },
    },
    /payment#order-a holds PaymentCaptured twice/,
  ],
  [
    'stock that is held is released too early to be released',
    {
      reservation: {
        ...reservation,
        decide: (state, input, at) => {
          const isHeld = input.type === 'OrderCancelled' && state.kind === 'held';
          return isHeld ? notYet('its time never comes') : reservation.decide(state, input, at);
        },
      },
    },
    /inventory of order-a holds 1 messages instead of 0/,
  ],
];

test.each(MISTAKES)('%s: it is found', (_, mistake, expected) => {
  expect(firstViolation({ rules: { ...RULES, ...mistake } })).toMatch(expected);
});

test('stock that is held whether it is there or not is sold to both of two orders: it is found', () => {
  const greedy: Rules = {
    ...RULES,
    reservation: {
      ...reservation,
      decide: (state, input, at) => {
        const decision = reservation.decide(state, input, at);
        if (decision.kind !== 'commit' || decision.ifShort === undefined) return decision;
        return commit(
          decision.facts,
          decision.counters.map(({ counter, add }) => ({ counter, add })),
        );
      },
    },
  };

  expect(firstViolation({ orders: 2, rules: greedy, circumstances: { ...TWO_ORDERS, total: 0 } })).toMatch(
    /^the stock of mug is /,
  );
});
