import type {
  CartCheckedOut,
  InventoryReleased,
  InventoryReservationFailed,
  InventoryReserved,
  OrderCancellationRejected,
  OrderCancellationRequested,
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderShipped,
  PaymentCaptured,
  PaymentFailed,
  PaymentRefunded,
  ShipmentDispatched,
  ShipmentFailed,
} from '../../../schemas/generated/facts.ts';

/** One order, as every context tells of it: two mugs and a free card. */
const orderId = 'order-c1';
const customerId = 'cus-7';
const currency = 'EUR';
const paymentId = 'pay-order-c1';
const shipmentId = 'ship-order-c1';
const lines = [
  { sku: 'mug', quantity: 2, unitPrice: 1250 },
  { sku: 'card', quantity: 1, unitPrice: 0 },
];
const quantities = lines.map(({ sku, quantity }) => ({ sku, quantity }));
const paymentMethod = 'tok_ok';
const shippingAddress = 'addr_ok';

const fact = <Type extends string, Data>(type: Type, data: Data) => ({ type, data });

export const cartCheckedOut = fact<'CartCheckedOut', CartCheckedOut>('CartCheckedOut', {
  cartId: 'c1',
  customerId,
  currency,
  lines,
  paymentMethod,
  shippingAddress,
});

export const orderCancellationRequested = fact<'OrderCancellationRequested', OrderCancellationRequested>(
  'OrderCancellationRequested',
  { orderId, reason: 'too many mugs' },
);

export const orderPlaced = fact<'OrderPlaced', OrderPlaced>('OrderPlaced', {
  orderId,
  cartId: 'c1',
  customerId,
  currency,
  lines,
  total: 2500,
  paymentMethod,
  shippingAddress,
});

export const orderConfirmed = fact<'OrderConfirmed', OrderConfirmed>('OrderConfirmed', {
  orderId,
  customerId,
  currency,
  total: 2500,
  lines: quantities,
  shippingAddress,
  paymentId,
});

export const orderShipped = fact<'OrderShipped', OrderShipped>('OrderShipped', {
  orderId,
  customerId,
  shipmentId,
  trackingCode: 'track-1',
});

export const orderCancelled = (reason: OrderCancelled['reason']) =>
  fact<'OrderCancelled', OrderCancelled>('OrderCancelled', { orderId, customerId, reason });

export const orderCancellationRejected = (reason: OrderCancellationRejected['reason']) =>
  fact<'OrderCancellationRejected', OrderCancellationRejected>('OrderCancellationRejected', { orderId, reason });

export const inventoryReserved = fact<'InventoryReserved', InventoryReserved>('InventoryReserved', {
  orderId,
  reservationId: 'res-order-c1',
  lines: quantities,
});

export const inventoryReservationFailed = fact<'InventoryReservationFailed', InventoryReservationFailed>(
  'InventoryReservationFailed',
  { orderId, shortages: [{ sku: 'mug', requested: 2, available: 1 }] },
);

export const inventoryReleased = fact<'InventoryReleased', InventoryReleased>('InventoryReleased', {
  orderId,
  reservationId: 'res-order-c1',
  lines: quantities,
});

export const paymentCaptured = fact<'PaymentCaptured', PaymentCaptured>('PaymentCaptured', {
  orderId,
  paymentId,
  amount: 2500,
  currency,
});

export const paymentFailed = (reason: PaymentFailed['reason']) =>
  fact<'PaymentFailed', PaymentFailed>('PaymentFailed', { orderId, paymentId, amount: 2500, currency, reason });

export const paymentRefunded = fact<'PaymentRefunded', PaymentRefunded>('PaymentRefunded', {
  orderId,
  paymentId,
  amount: 2500,
  currency,
});

export const shipmentDispatched = fact<'ShipmentDispatched', ShipmentDispatched>('ShipmentDispatched', {
  orderId,
  shipmentId,
  trackingCode: 'track-1',
});

export const shipmentFailed = (reason: ShipmentFailed['reason']) =>
  fact<'ShipmentFailed', ShipmentFailed>('ShipmentFailed', { orderId, shipmentId, reason });
