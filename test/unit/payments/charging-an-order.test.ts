import { describe, test } from 'vitest';
import { type PaymentFact, paymentDecider } from '../../../functions/payments/decider.ts';
import type { ProviderCall, ProviderOutcome } from '../../../functions/payments/provider.ts';
import { A_MOMENT_MS, given } from '../../given-when-then.ts';
import { inventoryReserved, orderCancelled, orderPlaced, paymentCaptured, paymentFailed } from '../orders/mug-order.ts';

const orderId = 'order-c1';
const terms: PaymentFact = {
  type: 'TermsNoted',
  data: { orderId, amount: 2500, currency: 'EUR', paymentMethod: 'tok_ok' },
};
const stockHeld: PaymentFact = { type: 'StockHeldNoted', data: { orderId } };
const cancellation: PaymentFact = { type: 'OrderCancellationNoted', data: { orderId } };
const attempt = (round: number, atMs = A_MOMENT_MS): PaymentFact => ({
  type: 'ChargeAttempted',
  data: { round, atMs },
});
const lapse = (round: number): PaymentFact => ({ type: 'ChargeLapsed', data: { round } });
const charge = (round: number): ProviderCall => ({
  type: 'charge',
  key: `pay-order-c1/charge/${round}`,
  amount: 2500,
  currency: 'EUR',
  paymentMethod: 'tok_ok',
});
const chargeCaptured: ProviderOutcome = { type: 'ChargeCaptured', data: null };
const later = A_MOMENT_MS + 60_000;

describe('an order is charged when its terms are known and its stock is held', () => {
  test('terms first', () => {
    given(paymentDecider).when(orderPlaced).then(terms);
    given(paymentDecider, terms)
      .when(inventoryReserved)
      .thenCalls(charge(1), [stockHeld, attempt(1)]);
  });

  test('stock first', () => {
    given(paymentDecider).when(inventoryReserved).then(stockHeld);
    given(paymentDecider, stockHeld)
      .when(orderPlaced)
      .thenCalls(charge(1), [terms, attempt(1)]);
  });

  test.each([
    ['terms', orderPlaced, terms],
    ['stock', inventoryReserved, stockHeld],
  ])('the %s alone, told twice, charge nobody', (_, input, known) => {
    given(paymentDecider, known).when(input).thenNothing();
  });
});

test('a total of 0 is captured without a call', () => {
  const free = { ...orderPlaced, data: { ...orderPlaced.data, total: 0 } };
  const nothing: PaymentFact = {
    type: 'TermsNoted',
    data: { orderId, amount: 0, currency: 'EUR', paymentMethod: 'tok_ok' },
  };

  given(paymentDecider, stockHeld)
    .when(free)
    .then(nothing, { type: 'PaymentCaptured', data: { ...paymentCaptured.data, amount: 0 } });
});

test('a captured charge is told, once', () => {
  given(paymentDecider, terms, stockHeld, attempt(1)).when(chargeCaptured).then(paymentCaptured);
  given(paymentDecider, terms, stockHeld, attempt(1), paymentCaptured).when(chargeCaptured).thenNothing();
});

test.each(['declined', 'insufficient_funds', 'expired'] as const)(
  'a charge that is refused as %s is told, once',
  (reason) => {
    const refused: ProviderOutcome = { type: 'ChargeRefused', data: { reason } };

    given(paymentDecider, terms, stockHeld, attempt(1)).when(refused).then(paymentFailed(reason));
    given(paymentDecider, terms, stockHeld, attempt(1), paymentFailed(reason)).when(refused).thenNothing();
  },
);

describe('a redelivery that meets an open intent', () => {
  test('makes a new attempt with the same key, and remembers when the first was', () => {
    given(paymentDecider, terms, stockHeld, attempt(1))
      .when(inventoryReserved, { nowMs: later })
      .thenCalls(charge(1), [attempt(1, later)], { firstMs: A_MOMENT_MS, lastMs: A_MOMENT_MS });

    given(paymentDecider, terms, stockHeld, attempt(1), attempt(1, later))
      .when(orderPlaced, { nowMs: later + 1 })
      .thenCalls(charge(1), [attempt(1, later + 1)], { firstMs: A_MOMENT_MS, lastMs: later });
  });

  test('of which the provider knows nothing begins a new round under a new key', () => {
    given(paymentDecider, terms, stockHeld, attempt(1))
      .when({ type: 'ChargeNotFound', data: null }, { nowMs: later })
      .thenCalls(charge(2), [lapse(1), attempt(2, later)]);

    given(paymentDecider, terms, stockHeld, attempt(1), lapse(1), attempt(2, later))
      .when(inventoryReserved, { nowMs: later + 1 })
      .thenCalls(charge(2), [attempt(2, later + 1)], { firstMs: later, lastMs: later });
  });
});

test('a charge that comes true after it was taken for lapsed is told', () => {
  given(paymentDecider, terms, stockHeld, attempt(1), lapse(1)).when(chargeCaptured).then(paymentCaptured);
  given(paymentDecider, terms).when(chargeCaptured).thenNothing();
});

describe('an order that is cancelled before its charge', () => {
  test.each([
    ['before all', [cancellation], orderPlaced, [terms]],
    ['after its terms', [terms, cancellation], inventoryReserved, [stockHeld]],
    ['after its stock', [stockHeld, cancellation], orderPlaced, [terms]],
  ] as const)('%s is never charged', (_, known, input, learned) => {
    given(paymentDecider, ...known)
      .when(input)
      .then(...learned);
  });

  test('is remembered, once', () => {
    given(paymentDecider).when(orderCancelled('requested')).then(cancellation);
    given(paymentDecider, cancellation).when(orderCancelled('requested')).thenNothing();
  });
});

test('a refused payment stays refused, whatever comes', () => {
  const refused = [terms, stockHeld, attempt(1), paymentFailed('declined')] as const;

  given(paymentDecider, ...refused)
    .when(orderPlaced)
    .thenNothing();
  given(paymentDecider, ...refused)
    .when(inventoryReserved)
    .thenNothing();
  given(paymentDecider, ...refused)
    .when(orderCancelled('payment_failed'))
    .then(cancellation);
});
