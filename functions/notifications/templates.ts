import type { OrderCancelled, PaymentFailed } from '../../schemas/generated/facts.ts';
import type { FactsOf } from '../backbone/fact.ts';
import type { Mail } from './mailer.ts';
import type { notifications } from './subscriptions.ts';

/** A mail's text, and the name by which `NotificationSent` tells which it was. */
export interface Letter extends Omit<Mail, 'to'> {
  readonly template: string;
}

/** What a customer is written about a fact. */
export function letterFor(fact: FactsOf<typeof notifications.facts>): Letter {
  switch (fact.type) {
    case 'OrderConfirmed': {
      const { orderId, total, currency } = fact.data;
      return {
        template: 'order-confirmed',
        subject: `Your order ${orderId} is confirmed`,
        text: `Thank you. We have received ${money(total, currency)} for your order ${orderId} and are packing it now.`,
      };
    }
    case 'OrderShipped': {
      const { orderId, trackingCode } = fact.data;
      return {
        template: 'order-shipped',
        subject: `Your order ${orderId} is on its way`,
        text: `Your order ${orderId} has left our house. Its tracking code is ${trackingCode}.`,
      };
    }
    case 'OrderCancelled': {
      const { orderId, reason } = fact.data;
      return {
        template: 'order-cancelled',
        subject: `Your order ${orderId} is cancelled`,
        text: `Your order ${orderId} is cancelled: ${CANCELLED[reason]}. You pay nothing for it.`,
      };
    }
    case 'PaymentFailed': {
      const { orderId, amount, currency, reason } = fact.data;
      return {
        template: 'payment-failed',
        subject: `The payment of your order ${orderId} failed`,
        text: `We could not collect ${money(amount, currency)} for your order ${orderId}: ${REFUSED[reason]}.`,
      };
    }
  }
}

const CANCELLED: Readonly<Record<OrderCancelled['reason'], string>> = {
  out_of_stock: 'something in it is out of stock',
  payment_failed: 'its payment failed',
  shipment_failed: 'it could not be shipped',
  requested: 'you asked for it',
  deadline_passed: 'it took us too long',
};

const REFUSED: Readonly<Record<PaymentFailed['reason'], string>> = {
  declined: 'the payment was declined',
  insufficient_funds: 'there were not enough funds',
  expired: 'the payment method has expired',
};

/** An amount of minor units as people read it. The number of decimals is the currency's own. */
function money(minorUnits: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(minorUnits / 10 ** digits);
}
