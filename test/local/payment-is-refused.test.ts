import { expect, test } from 'vitest';
import { cartOf, checkOut, counted, orderEnds, orderShows, stocked, stockSettles } from './shop.ts';

test.each(['tok_declined', 'tok_insufficient_funds', 'tok_expired'])(
  'an order paid with %s is cancelled, and its stock released',
  async (paymentMethod) => {
    const sku = await stocked(4);
    const orderId = await checkOut(cartOf(sku, 3, { paymentMethod }));

    expect(await orderEnds(orderId)).toMatchObject({ status: 'cancelled', reason: 'payment_failed' });
    const once = { OrderPlaced: 1, InventoryReserved: 1, PaymentFailed: 1, OrderCancelled: 1, InventoryReleased: 1 };
    expect(counted(await orderShows(orderId, Object.keys(once)))).toEqual(once);
    const untouched = { available: 4, reserved: 0, shipped: 0, received: 4 };
    expect(await stockSettles(sku, untouched)).toEqual(untouched);
  },
);
