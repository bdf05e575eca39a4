import { OrderConfirmed } from '../../schemas/generated/facts.ts';
import { subscription } from '../backbone/subscription.ts';

/** A confirmed order is dispatched. */
export const shipping = subscription('shipping', { OrderConfirmed });

/** Delayed: what is not dispatched when its `OrderConfirmed` comes back has failed. */
export const shippingDeadline = subscription('shipping-deadline', { OrderConfirmed });
