import { expect, test } from 'vitest';
import { delivery } from '../../../functions/inventory/delivery.ts';
import { reservation } from '../../../functions/inventory/reservation.ts';
import { inventory } from '../../../functions/inventory/subscriptions.ts';
import { notifications, orderCustomers } from '../../../functions/notifications/subscriptions.ts';
import { orderView } from '../../../functions/order-view/subscriptions.ts';
import { order } from '../../../functions/orders/decider.ts';
import { orders } from '../../../functions/orders/subscriptions.ts';
import { payment } from '../../../functions/payments/decider.ts';
import { payments } from '../../../functions/payments/subscriptions.ts';
import { shipment } from '../../../functions/shipping/decider.ts';
import { shipping } from '../../../functions/shipping/subscriptions.ts';

/**
 * A subscription's name is part of every cause that was ever committed, and of every record of an effect: under another
 * name each old event would be new, and be handled a second time. Add names here; never change one.
 */
test('no subscription was ever renamed', () => {
  const subscriptions = { inventory, notifications, orderCustomers, orders, orderView, payments, shipping };

  const names = Object.fromEntries(Object.entries(subscriptions).map(([export_, { name }]) => [export_, name]));

  expect(names).toEqual({
    inventory: 'inventory',
    notifications: 'notifications',
    orderCustomers: 'notifications-customers',
    orders: 'orders',
    orderView: 'order-view',
    payments: 'payments',
    shipping: 'shipping',
  });
});

test('the names of the streams, which are part of every key, were never changed', () => {
  const names = [order, reservation, delivery, payment, shipment].map(({ name }) => name);

  expect(names).toEqual(['order', 'reservation', 'delivery', 'payment', 'shipment']);
});
