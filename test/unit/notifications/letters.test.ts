import fc from 'fast-check';
import { expect, test } from 'vitest';
import { letterFor } from '../../../functions/notifications/templates.ts';
import { OrderCancelled, OrderConfirmed, OrderShipped, PaymentFailed } from '../../../schemas/generated/facts.ts';
import { arbitraryFact } from '../backbone/arbitrary-fact.ts';
import { orderCancelled, orderConfirmed, orderShipped, paymentFailed } from '../orders/mug-order.ts';

test('a confirmed order', () => {
  expect(letterFor(orderConfirmed)).toEqual({
    template: 'order-confirmed',
    subject: 'Your order order-c1 is confirmed',
    text: 'Thank you. We have received €25.00 for your order order-c1 and are packing it now.',
  });
});

test('a shipped order', () => {
  expect(letterFor(orderShipped)).toEqual({
    template: 'order-shipped',
    subject: 'Your order order-c1 is on its way',
    text: 'Your order order-c1 has left our house. Its tracking code is track-1.',
  });
});

test.each([
  ['out_of_stock', 'something in it is out of stock'],
  ['payment_failed', 'its payment failed'],
  ['shipment_failed', 'it could not be shipped'],
  ['requested', 'you asked for it'],
  ['deadline_passed', 'it took us too long'],
] as const)('an order that is cancelled for %s', (reason, why) => {
  expect(letterFor(orderCancelled(reason))).toEqual({
    template: 'order-cancelled',
    subject: 'Your order order-c1 is cancelled',
    text: `Your order order-c1 is cancelled: ${why}. You pay nothing for it.`,
  });
});

test.each([
  ['declined', 'the payment was declined'],
  ['insufficient_funds', 'there were not enough funds'],
  ['expired', 'the payment method has expired'],
] as const)('a payment that failed as %s', (reason, why) => {
  expect(letterFor(paymentFailed(reason))).toEqual({
    template: 'payment-failed',
    subject: 'The payment of your order order-c1 failed',
    text: `We could not collect €25.00 for your order order-c1: ${why}.`,
  });
});

test.each([
  ['JPY', 2500, '¥2,500'],
  ['KWD', 2500, 'KWD 2.500'],
  ['USD', 5, '$0.05'],
  ['EUR', 0, '€0.00'],
  ['XYZ', 12345, 'XYZ 123.45'],
])('an amount of %s has the decimals of its currency', (currency, total, written) => {
  const { text } = letterFor({ ...orderConfirmed, data: { ...orderConfirmed.data, currency, total } });

  expect(text.replaceAll('\u00a0', ' ')).toContain(`received ${written} for`);
});

test('any fact has a letter that names its order', () => {
  const facts = fc.oneof(
    arbitraryFact(OrderConfirmed),
    arbitraryFact(OrderShipped),
    arbitraryFact(OrderCancelled),
    arbitraryFact(PaymentFailed),
  );
  fc.assert(
    fc.property(facts, (fact) => {
      const { subject, text, template } = letterFor(fact);
      expect(subject).toContain(fact.data.orderId);
      expect(text).toContain(fact.data.orderId);
      expect(text).not.toMatch(/undefined|NaN/);
      expect(template).toMatch(/^[a-z-]+$/);
    }),
  );
});
