import { InventoryReserved, OrderCancelled, OrderPlaced } from '../../schemas/generated/facts.ts';
import { subscription } from '../backbone/subscription.ts';

/** An order's terms, the word that its stock is held, and its end. */
export const payments = subscription('payments', { OrderPlaced, InventoryReserved, OrderCancelled });
