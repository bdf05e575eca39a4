import { expect, test } from 'vitest';
import { assertFits } from '../../../functions/backbone/envelope.ts';
import { NotificationSent } from '../../../schemas/generated/facts.ts';
import { received } from '../backbone/received.ts';
import { orderCancelled, orderConfirmed, orderShipped, paymentFailed } from '../orders/mug-order.ts';
import { PostRoom } from './post-room.ts';

test('it goes to the address in the vault, and what is told of it names no person', async () => {
  const room = new PostRoom();

  expect(await room.handle(received('e1', orderConfirmed))).toEqual(['done']);

  expect(room.sent).toEqual([
    { to: 'ann@example.com', subject: 'Your order order-c1 is confirmed', text: expect.stringContaining('€25.00') },
  ]);
  const [told] = room.publisher.given;
  expect(told?.metadata).toMatchObject({ type: 'NotificationSent', source: 'shop.notifications', causationId: 'e1' });
  expect(told?.data).toEqual({
    orderId: 'order-c1',
    customerId: 'cus-7',
    channel: 'email',
    template: 'order-confirmed',
    notificationId: expect.any(String),
  });
  assertFits(NotificationSent, told?.data);
  expect(JSON.stringify(told)).not.toContain('ann@example.com');
});

test('each event of an order is told once, under whatever event id it comes', async () => {
  const room = new PostRoom();
  await room.hearOfOrder();
  const facts = [orderConfirmed, orderShipped, orderCancelled('requested'), paymentFailed('declined')];

  for (const id of ['a', 'b']) {
    for (const fact of facts) await room.handle(received(`${id}-${fact.type}`, fact));
  }

  expect(room.sent).toHaveLength(4);
  const notificationIds = room.publisher.given.map(({ metadata }) => metadata.id);
  expect(new Set(notificationIds).size).toBe(4);
  expect(notificationIds.slice(4)).toEqual(notificationIds.slice(0, 4));
});

test('a mail that fails goes when the event comes again', async () => {
  const room = new PostRoom();
  room.failNext = true;

  expect(await room.handle(received('e1', orderConfirmed))).toEqual(['RangeError']);
  expect(await room.handle(received('e1', orderConfirmed))).toEqual(['done']);

  expect(room.sent).toHaveLength(1);
});

test('a customer without contact gets none, and nothing is told but to the log', async () => {
  const room = new PostRoom({ knowing: [] });

  expect(await room.handle(received('e1', orderConfirmed))).toEqual(['done']);

  expect(room.sent).toEqual([]);
  expect(room.publisher.given).toEqual([]);
  expect(room.unreachable).toEqual(['cus-7 OrderConfirmed']);
});

test('a failed payment goes to whoever placed the order', async () => {
  const room = new PostRoom();
  await room.hearOfOrder();

  expect(await room.handle(received('e1', paymentFailed('expired')))).toEqual(['done']);

  expect(room.sent).toMatchObject([{ to: 'ann@example.com' }]);
});

test('as long as nobody knows whose order it is, a failed payment fails, and comes again', async () => {
  const room = new PostRoom();

  expect(await room.handle(received('e1', paymentFailed('expired')))).toEqual(['UnknownCustomer']);
  await room.hearOfOrder();
  expect(await room.handle(received('e1', paymentFailed('expired')))).toEqual(['done']);

  expect(room.sent).toHaveLength(1);
});
