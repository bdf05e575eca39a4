import { expect, test } from 'vitest';
import { orderIdOf } from '../../functions/orders/decider.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import { OrderCancellationRequested } from '../../schemas/generated/facts.ts';
import {
  cartOf,
  checkOut,
  commitsOf,
  counted,
  orderEnds,
  orderShows,
  put,
  SHIPPED_ONCE,
  stocked,
  stockSettles,
  tables,
} from './shop.ts';

/** The facts of an order's own stream, private ones too, oldest first. */
async function toldBy(orderId: string): Promise<readonly string[]> {
  const commits = await commitsOf(tables.orders, `order#${orderId}`);
  return commits.flatMap(({ facts }) => facts.map(({ type }) => type));
}

test('a request that comes before its cart cancels the order as it is placed', async () => {
  const sku = await stocked(2);
  const cart = cartOf(sku);
  const orderId = orderIdOf(cart.cartId);
  await put(OrderCancellationRequested, { orderId });
  await waitFor('the request to be remembered', async () => ((await toldBy(orderId)).length > 0 ? true : undefined));

  await checkOut(cart);

  expect(await orderEnds(orderId)).toMatchObject({ status: 'cancelled', reason: 'requested' });
  expect((await toldBy(orderId)).slice(0, 3)).toEqual(['CancellationRequestNoted', 'OrderPlaced', 'OrderCancelled']);
  const untouched = { available: 2, reserved: 0, shipped: 0, received: 2 };
  expect(await stockSettles(sku, untouched)).toEqual(untouched);
});

test('an order that waits for its payment is cancelled on request, and its stock released', async () => {
  const sku = await stocked(2);
  const orderId = await checkOut(cartOf(sku, 2, { paymentMethod: 'tok_down' }));
  await orderShows(orderId, ['InventoryReserved']);

  await put(OrderCancellationRequested, { orderId, reason: 'found it cheaper' });

  expect(await orderEnds(orderId)).toMatchObject({ status: 'cancelled', reason: 'requested' });
  const once = { OrderPlaced: 1, InventoryReserved: 1, OrderCancelled: 1, InventoryReleased: 1 };
  expect(counted(await orderShows(orderId, Object.keys(once)))).toEqual(once);
  const untouched = { available: 2, reserved: 0, shipped: 0, received: 2 };
  expect(await stockSettles(sku, untouched)).toEqual(untouched);
});

test('a request that comes too late is rejected, once however often it is repeated, and nothing changes', async () => {
  const sku = await stocked(1);
  const orderId = await checkOut(cartOf(sku));
  await orderEnds(orderId);

  const requests = [
    await put(OrderCancellationRequested, { orderId }),
    await put(OrderCancellationRequested, { orderId }),
  ];

  const once = { ...SHIPPED_ONCE, OrderCancellationRejected: 1 };
  const commits = await waitFor('both requests to be decided', async () => {
    const commits = await commitsOf(tables.orders, `order#${orderId}`);
    const known = commits.flatMap(({ causes }) => causes.map(({ eventId }) => eventId));
    return requests.every((id) => known.includes(id)) ? commits : undefined;
  });
  const rejections = commits.flatMap(({ facts }) => facts).filter(({ type }) => type === 'OrderCancellationRejected');
  expect(rejections.map(({ data }) => data)).toEqual([{ orderId, reason: 'too_late' }]);
  const view = await orderShows(orderId, Object.keys(once));
  expect(view.status).toBe('shipped');
  expect(counted(view)).toEqual(once);
});

test('a request for an order that is cancelled already is told so', async () => {
  const orderId = await checkOut(cartOf('sku-that-nobody-knows'));
  await orderEnds(orderId);

  await put(OrderCancellationRequested, { orderId });

  const view = await orderShows(orderId, ['OrderCancellationRejected']);
  expect(view).toMatchObject({ status: 'cancelled', reason: 'out_of_stock' });
  const commits = await commitsOf(tables.orders, `order#${orderId}`);
  const rejection = commits.flatMap(({ facts }) => facts).find(({ type }) => type === 'OrderCancellationRejected');
  expect(rejection?.data).toEqual({ orderId, reason: 'already_cancelled' });
});
