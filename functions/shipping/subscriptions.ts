import { subscription } from '../backbone/subscription.ts';
import { OrderConfirmed } from '../../schemas/generated/facts.ts';

/** A confirmed order is dispatched. */
export const shipping = subscription('shipping', { OrderConfirmed });
