import {
  CartCheckedOut,
  InventoryReservationFailed,
  PaymentCaptured,
  PaymentFailed,
  ShipmentDispatched,
} from '../../schemas/generated/facts.ts';
import { subscription } from '../backbone/subscription.ts';

/** What moves an order: the cart that starts it, and the answers of the other contexts. */
export const orders = subscription('orders', {
  CartCheckedOut,
  InventoryReservationFailed,
  PaymentCaptured,
  PaymentFailed,
  ShipmentDispatched,
});
