import { subscription } from '../backbone/subscription.ts';
import { OrderCancelled, OrderConfirmed, OrderShipped, PaymentFailed } from '../../schemas/generated/facts.ts';

/** What a customer is told of by mail. */
export const notifications = subscription('notifications', {
  OrderConfirmed,
  OrderShipped,
  OrderCancelled,
  PaymentFailed,
});
