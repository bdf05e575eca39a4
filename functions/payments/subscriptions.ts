import { subscription } from '../backbone/subscription.ts';
import { InventoryReserved, OrderCancelled, OrderPlaced } from '../../schemas/generated/facts.ts';

/** An order's terms, the word that its stock is held, and its end. */
export const payments = subscription('payments', { OrderPlaced, InventoryReserved, OrderCancelled });
