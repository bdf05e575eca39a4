import { expect, test } from 'vitest';
import { waitFor } from '../../localstack/shop/wait.ts';
import {
  cartOf,
  checkOut,
  counted,
  customerWithContact,
  mailsTo,
  orderEnds,
  orderShows,
  SHIPPED_ONCE,
  stocked,
  stockSettles,
} from './shop.ts';

test('a cart becomes a shipped order: stock leaves, the customer is told twice, the view shows every fact once', async () => {
  const sku = await stocked(5);
  const { customerId, email } = await customerWithContact();
  const orderId = await checkOut(cartOf(sku, 2, { customerId }));

  await orderEnds(orderId);
  expect(await stockSettles(sku, { available: 3, reserved: 0, shipped: 2, received: 5 })).toEqual({
    available: 3,
    reserved: 0,
    shipped: 2,
    received: 5,
  });

  const mails = await waitFor('both mails', async () => {
    const mails = await mailsTo(email);
    return mails.length >= 2 ? mails : undefined;
  });
  expect(mails.map(({ subject }) => subject).sort()).toEqual([
    `Your order ${orderId} is confirmed`,
    `Your order ${orderId} is on its way`,
  ]);

  const counts = { ...SHIPPED_ONCE, NotificationSent: 2 };
  const view = await waitFor('both notifications in the view', async () => {
    const view = await orderShows(orderId, Object.keys(counts));
    return counted(view).NotificationSent === 2 ? view : undefined;
  });
  expect(counted(view)).toEqual(counts);
  expect(view).toMatchObject({
    status: 'shipped',
    customerId,
    currency: 'EUR',
    total: 2_000,
    lines: [{ sku, quantity: 2, unitPrice: 1_000 }],
    paymentId: `pay-${orderId}`,
    shipmentId: `ship-${orderId}`,
    trackingCode: `track-ship-${orderId}`,
  });
  expect(view.lastUpdated).toBe(view.timeline.at(-1)?.time);
});
