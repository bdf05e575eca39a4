import { describe, test } from 'vitest';
import { type PaymentFact, paymentDecider } from '../../../functions/payments/decider.ts';
import type { ProviderCall, ProviderOutcome } from '../../../functions/payments/provider.ts';
import { A_MOMENT_MS, given } from '../../given-when-then.ts';
import { inventoryReserved, orderCancelled, paymentCaptured } from '../orders/mug-order.ts';

const orderId = 'order-c1';
const terms: PaymentFact = {
  type: 'TermsNoted',
  data: { orderId, amount: 2500, currency: 'EUR', paymentMethod: 'tok_ok' },
};
const stockHeld: PaymentFact = { type: 'StockHeldNoted', data: { orderId } };
const cancellation: PaymentFact = { type: 'OrderCancellationNoted', data: { orderId } };
const chargeAttempt: PaymentFact = { type: 'ChargeAttempted', data: { round: 1, atMs: A_MOMENT_MS } };
const refundAttempt = (round: number, atMs = A_MOMENT_MS): PaymentFact => ({
  type: 'RefundAttempted',
  data: { round, atMs },
});
const refunded: PaymentFact = { type: 'PaymentRefunded', data: paymentCaptured.data };
const refund = (round: number, chargeRound = 1): ProviderCall => ({
  type: 'refund',
  key: `pay-order-c1/refund/${round}`,
  amount: 2500,
  currency: 'EUR',
  chargeKey: `pay-order-c1/charge/${chargeRound}`,
});
const charge: ProviderCall = {
  type: 'charge',
  key: 'pay-order-c1/charge/1',
  amount: 2500,
  currency: 'EUR',
  paymentMethod: 'tok_ok',
};
const chargeCaptured: ProviderOutcome = { type: 'ChargeCaptured', data: null };
const chargeNotFound: ProviderOutcome = { type: 'ChargeNotFound', data: null };
const refundMade: ProviderOutcome = { type: 'RefundMade', data: null };
const later = A_MOMENT_MS + 60_000;
const captured = [terms, stockHeld, chargeAttempt, paymentCaptured] as const;

test('an order that is cancelled after its charge is refunded', () => {
  given(paymentDecider, ...captured)
    .when(orderCancelled('shipment_failed'))
    .thenCalls(refund(1), [cancellation, refundAttempt(1)]);
  given(paymentDecider, ...captured, cancellation, refundAttempt(1))
    .when(refundMade)
    .then(refunded);
});

test('it is refunded once', () => {
  const settled = [...captured, cancellation, refundAttempt(1), refunded] as const;

  given(paymentDecider, ...settled)
    .when(orderCancelled('shipment_failed'))
    .thenNothing();
  given(paymentDecider, ...settled)
    .when(inventoryReserved)
    .thenNothing();
  given(paymentDecider, ...settled)
    .when(refundMade)
    .thenNothing();
});

test('the refund names the charge that came true, of whichever round', () => {
  const secondRound: PaymentFact = { type: 'ChargeAttempted', data: { round: 2, atMs: later } };

  given(
    paymentDecider,
    terms,
    stockHeld,
    chargeAttempt,
    { type: 'ChargeLapsed', data: { round: 1 } },
    secondRound,
    paymentCaptured,
  )
    .when(orderCancelled('deadline_passed'), { nowMs: later })
    .thenCalls(refund(1, 2), [cancellation, refundAttempt(1, later)]);
});

test('a refund that was made after it was taken for lapsed is told', () => {
  given(paymentDecider, ...captured, cancellation, refundAttempt(1), { type: 'RefundLapsed', data: { round: 1 } })
    .when(refundMade)
    .then(refunded);
});

test('a charge that comes true after it was taken for lapsed is refunded when the order is cancelled', () => {
  given(paymentDecider, terms, stockHeld, chargeAttempt, cancellation, { type: 'ChargeLapsed', data: { round: 1 } })
    .when(chargeCaptured)
    .thenCalls(refund(1), [paymentCaptured, refundAttempt(1)]);
});

describe('an order that is cancelled while its charge is under way', () => {
  const underWay = [terms, stockHeld, chargeAttempt, cancellation] as const;

  test('is noted before the provider is asked what became of the charge', () => {
    given(paymentDecider, terms, stockHeld, chargeAttempt)
      .when(orderCancelled('requested'), { nowMs: later })
      .thenAsks(charge, A_MOMENT_MS, cancellation);
  });

  test('is noted once: its cancellation, when it comes again, only asks', () => {
    given(paymentDecider, ...underWay)
      .when(orderCancelled('requested'), { nowMs: later })
      .thenAsks(charge, A_MOMENT_MS);
  });

  test('is asked about since the last attempt, not since the first', () => {
    const again: PaymentFact = { type: 'ChargeAttempted', data: { round: 1, atMs: later } };

    given(paymentDecider, terms, stockHeld, chargeAttempt, again)
      .when(orderCancelled('requested'), { nowMs: later + 1 })
      .thenAsks(charge, later, cancellation);
  });

  test('is refunded when the charge comes true', () => {
    given(paymentDecider, ...underWay)
      .when(chargeCaptured)
      .thenCalls(refund(1), [paymentCaptured, refundAttempt(1)]);
  });

  test('is asked about when the event comes again, never charged', () => {
    given(paymentDecider, ...underWay)
      .when(inventoryReserved, { nowMs: later })
      .thenAsks(charge, A_MOMENT_MS);
  });

  test('is settled when the charge is refused, which nobody is told: whoever cancelled does not want to pay', () => {
    given(paymentDecider, ...underWay)
      .when({ type: 'ChargeRefused', data: { reason: 'declined' } })
      .then({ type: 'ChargeLapsed', data: { round: 1 } });
  });

  test('is settled when the charge did not happen', () => {
    given(paymentDecider, ...underWay)
      .when(chargeNotFound)
      .then({ type: 'ChargeLapsed', data: { round: 1 } });
    given(paymentDecider, ...underWay, { type: 'ChargeLapsed', data: { round: 1 } })
      .when(inventoryReserved)
      .thenNothing();
  });
});

describe('a redelivery that meets an open refund', () => {
  test('makes a new attempt with the same key', () => {
    given(paymentDecider, ...captured, cancellation, refundAttempt(1))
      .when(orderCancelled('shipment_failed'), { nowMs: later })
      .thenCalls(refund(1), [refundAttempt(1, later)], { firstMs: A_MOMENT_MS, lastMs: A_MOMENT_MS });
  });

  test('of which the provider knows nothing begins a new round', () => {
    given(paymentDecider, ...captured, cancellation, refundAttempt(1))
      .when({ type: 'RefundNotFound', data: null }, { nowMs: later })
      .thenCalls(refund(2), [{ type: 'RefundLapsed', data: { round: 1 } }, refundAttempt(2, later)]);
  });
});

test('where nothing was taken, nothing is given back', () => {
  const free: PaymentFact = {
    type: 'TermsNoted',
    data: { orderId, amount: 0, currency: 'EUR', paymentMethod: 'tok_ok' },
  };
  const nothing: PaymentFact = { type: 'PaymentCaptured', data: { ...paymentCaptured.data, amount: 0 } };

  given(paymentDecider, free, stockHeld, nothing).when(orderCancelled('shipment_failed')).then(cancellation);
});
