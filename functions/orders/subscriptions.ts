import {
  CartCheckedOut,
  InventoryReleased,
  InventoryReservationFailed,
  InventoryReserved,
  OrderCancellationRequested,
  OrderCancelled,
  OrderPlaced,
  PaymentCaptured,
  PaymentFailed,
  PaymentRefunded,
  ShipmentDispatched,
  ShipmentFailed,
} from '../../schemas/generated/facts.ts';
import { subscription } from '../backbone/subscription.ts';

/** What moves an order: its customer, and the answers of the other contexts. */
export const orders = subscription('orders', {
  CartCheckedOut,
  OrderCancellationRequested,
  InventoryReserved,
  InventoryReservationFailed,
  InventoryReleased,
  PaymentCaptured,
  PaymentFailed,
  PaymentRefunded,
  ShipmentDispatched,
  ShipmentFailed,
});

/** Delayed: an order that is not confirmed when its `OrderPlaced` comes back is cancelled. */
export const ordersDeadline = subscription('orders-deadline', { OrderPlaced });

/**
 * Delayed: when a cancelled order's `OrderCancelled` comes back, everything is to be undone; and so is what was told only
 * after it, when that comes back.
 */
export const ordersSettlement = subscription('orders-settlement', {
  OrderCancelled,
  InventoryReserved,
  PaymentCaptured,
});
