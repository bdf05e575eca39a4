import { expect, test } from 'vitest';
import { waitFor } from '../../localstack/shop/wait.ts';
import { OrderShipped } from '../../schemas/generated/facts.ts';
import { commitsOf, counted, customerWithContact, mailsTo, order, putAs, tables, unique } from './shop.ts';

test('a shipment that is told under three event ids is mailed about once', async () => {
  const { customerId, email } = await customerWithContact();
  const orderId = unique('order');
  const shipped = { orderId, customerId, shipmentId: unique('ship'), trackingCode: unique('track') };
  const ids = [unique('event'), unique('event'), unique('event')];
  for (const id of ids) await putAs(OrderShipped, shipped, { id, time: new Date().toISOString(), sequence: 3 });

  const view = await waitFor('all three and the notification in the view', async () => {
    const view = await order(orderId);
    const { OrderShipped = 0, NotificationSent = 0 } = view === undefined ? {} : counted(view);
    return OrderShipped === 3 && NotificationSent > 0 ? view : undefined;
  });
  expect(view.status).toBe('shipped');
  // Another mail of the same customer, sent after them, shows that there is none still on its way.
  const other = { ...shipped, orderId: unique('order') };
  await putAs(OrderShipped, other, { id: unique('event'), time: new Date().toISOString(), sequence: 3 });
  const mails = await waitFor("the other order's mail", async () => {
    const mails = await mailsTo(email);
    return mails.some(({ subject }) => subject.includes(other.orderId)) ? mails : undefined;
  });
  expect(mails.filter(({ subject }) => subject.includes(orderId))).toHaveLength(1);
  expect(counted((await order(orderId)) ?? view).NotificationSent).toBe(1);
  expect(await commitsOf(tables.orders, `order#${orderId}`)).toEqual([]);
});
