import {
  InventoryReleased,
  InventoryReservationFailed,
  InventoryReserved,
  NotificationSent,
  OrderCancellationRejected,
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderShipped,
  PaymentCaptured,
  PaymentFailed,
  PaymentRefunded,
  ShipmentDispatched,
  ShipmentFailed,
} from '../../schemas/generated/facts.ts';
import { subscription } from '../backbone/subscription.ts';

/** Every shop fact about an order. */
export const orderView = subscription('order-view', {
  OrderPlaced,
  OrderConfirmed,
  OrderShipped,
  OrderCancelled,
  OrderCancellationRejected,
  InventoryReserved,
  InventoryReservationFailed,
  InventoryReleased,
  PaymentCaptured,
  PaymentFailed,
  PaymentRefunded,
  ShipmentDispatched,
  ShipmentFailed,
  NotificationSent,
});
