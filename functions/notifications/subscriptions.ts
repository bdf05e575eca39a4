import {
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderShipped,
  PaymentFailed,
} from '../../schemas/generated/facts.ts';
import { subscription } from '../backbone/subscription.ts';

/** What a customer is told of by mail. */
export const notifications = subscription('notifications', {
  OrderConfirmed,
  OrderShipped,
  OrderCancelled,
  PaymentFailed,
});

/** Whose order it is: `PaymentFailed` does not say. */
export const orderCustomers = subscription('notifications-customers', { OrderPlaced });
