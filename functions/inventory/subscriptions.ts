import { OrderCancelled, OrderPlaced, ShipmentDispatched, StockReceived } from '../../schemas/generated/facts.ts';
import { subscription } from '../backbone/subscription.ts';

/** What moves stock: deliveries in, reservations for orders, and what leaves with a shipment. */
export const inventory = subscription('inventory', { StockReceived, OrderPlaced, OrderCancelled, ShipmentDispatched });
