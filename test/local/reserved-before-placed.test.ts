import { expect, test } from 'vitest';
import { orderIdOf } from '../../functions/orders/decider.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import { InventoryReserved } from '../../schemas/generated/facts.ts';
import { cartOf, checkOut, commitsOf, orderEnds, put, stocked, tables, unique } from './shop.ts';

test('an order whose OrderPlaced reaches payments after its InventoryReserved is charged once', async () => {
  const sku = await stocked(3);
  const cart = cartOf(sku, 1);
  const orderId = orderIdOf(cart.cartId);
  const stream = `payment#${orderId}`;

  await put(InventoryReserved, { orderId, reservationId: unique('res'), lines: [{ sku, quantity: 1 }] });
  await waitFor('payments to know that stock is held', async () => {
    const [first] = await commitsOf(tables.payments, stream);
    return first?.facts.some(({ type }) => type === 'StockHeldNoted') ? first : undefined;
  });
  await checkOut(cart);

  expect((await orderEnds(orderId)).status).toBe('shipped');
  // The reservation's own InventoryReserved comes as well, and finds the payment made.
  const commits = await waitFor('all three events in the payment', async () => {
    const commits = await commitsOf(tables.payments, stream);
    return commits.flatMap(({ causes }) => causes).length >= 3 ? commits : undefined;
  });
  expect(commits.flatMap(({ facts }) => facts.map(({ type }) => type))).toEqual([
    'StockHeldNoted',
    'TermsNoted',
    'ChargeAttempted',
    'PaymentCaptured',
  ]);
});
