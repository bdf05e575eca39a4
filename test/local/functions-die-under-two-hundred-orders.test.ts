import { expect, test } from 'vitest';
import type { OrderView } from '../../functions/order-view/view.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import type { CartCheckedOut } from '../../schemas/generated/facts.ts';
import { allOrders, cartOf, checkOut, commitsOf, counted, SHIPPED_ONCE, stock, stocked, tables } from './shop.ts';

const ORDERS = 200;

/** Every tenth is declined; of the scarce SKU there is enough for some of those who want it. */
function cartNumber(n: number, plenty: string, scarce: string): CartCheckedOut {
  const paymentMethod = n % 10 === 0 ? 'tok_declined' : 'tok_ok';
  return cartOf(n % 4 === 1 ? scarce : plenty, 1 + (n % 3), { paymentMethod });
}

test('two hundred orders at once: nothing lost, nothing doubled, stock exact', { timeout: 180_000 }, async () => {
  const received = { plenty: 1_000, scarce: 30 };
  const [plenty, scarce] = [await stocked(received.plenty), await stocked(received.scarce)];
  const carts = Array.from({ length: ORDERS }, (_, n) => cartNumber(n, plenty, scarce));
  const startMs = performance.now();
  const orderIds: string[] = [];
  for (let at = 0; at < ORDERS; at += 20) {
    orderIds.push(...(await Promise.all(carts.slice(at, at + 20).map(checkOut))));
  }
  // With its lines: the view may hear of the end before it hears of the beginning.
  const hasEnded = ({ status, lines }: OrderView) =>
    (status === 'shipped' || status === 'cancelled') && lines !== undefined;
  const views = await allOrders(orderIds, 'to end', hasEnded, 150_000);
  console.info(`${ORDERS} orders in ${((performance.now() - startMs) / 1000).toFixed(1)} s`);
  const declined = carts.filter(({ paymentMethod }) => paymentMethod === 'tok_declined').length;
  expect(views.filter(({ reason }) => reason === 'payment_failed')).toHaveLength(declined);
  expect(views.filter(({ status }) => status === 'shipped').length).toBeGreaterThanOrEqual(
    carts.filter(({ lines, paymentMethod }) => lines[0]?.sku === plenty && paymentMethod === 'tok_ok').length,
  );

  for (const [name, sku] of Object.entries({ plenty, scarce }) as ['plenty' | 'scarce', string][]) {
    const shipped = views
      .filter(({ status, lines }) => status === 'shipped' && lines?.[0]?.sku === sku)
      .reduce((sum, { lines }) => sum + (lines?.[0]?.quantity ?? 0), 0);
    const settled = await waitFor(`nothing of ${name} to be held`, async () => {
      const now = await stock(sku);
      return now?.reserved === 0 && now.shipped === shipped ? now : undefined;
    });
    expect(settled).toEqual({ available: received[name] - shipped, reserved: 0, shipped, received: received[name] });
  }

  const expected = new Map(
    views.map(({ orderId, status, reason = '' }) => [orderId, FACTS[reason || status || ''] ?? []]),
  );
  const hasAll = (view: OrderView) => view.timeline.length >= (expected.get(view.orderId)?.length ?? 0);
  for (const view of await allOrders(orderIds, 'to show all their facts', hasAll, 30_000)) {
    const once = Object.fromEntries((expected.get(view.orderId) ?? []).map((type) => [type, 1]));
    expect(counted(view)).toEqual(once);
  }
  for (const orderId of orderIds) {
    const versions = (await commitsOf(tables.orders, `order#${orderId}`)).map(({ version }) => version);
    expect(versions).toEqual(versions.map((_, n) => n + 1));
  }
});

const FACTS: Readonly<Record<string, readonly string[]>> = {
  shipped: Object.keys(SHIPPED_ONCE),
  payment_failed: ['OrderPlaced', 'InventoryReserved', 'PaymentFailed', 'OrderCancelled', 'InventoryReleased'],
  out_of_stock: ['OrderPlaced', 'InventoryReservationFailed', 'OrderCancelled'],
};
