import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { expect, test } from 'vitest';
import { orderIdOf } from '../../functions/orders/decider.ts';
import { CartCheckedOut } from '../../schemas/generated/facts.ts';
import { busName, cartOf, clients, commitsOf, orderEnds, stocked, tables, unique } from './shop.ts';

/** Puts a detail on the bus just as it is. */
async function putDetail(detail: unknown): Promise<void> {
  const { source, type } = CartCheckedOut;
  const entry = { EventBusName: busName, Source: source, DetailType: type, Detail: JSON.stringify(detail) };
  const { FailedEntryCount } = await clients.events.send(new PutEventsCommand({ Entries: [entry] }));
  expect(FailedEntryCount).toBe(0);
}

test('a cart is one in every form in which it can be sent', async () => {
  const sku = await stocked(9);
  const bare = cartOf(sku);
  const wrapped = cartOf(sku);
  const complete = cartOf(sku);
  await putDetail(bare);
  await putDetail({ data: wrapped });
  const metadata = { id: unique('event'), time: new Date().toISOString(), correlationId: unique('flow') };
  await putDetail({ metadata, data: complete });

  for (const { cartId } of [bare, wrapped, complete]) {
    expect((await orderEnds(orderIdOf(cartId))).status).toBe('shipped');
  }
  const [first] = await commitsOf(tables.orders, `order#${orderIdOf(complete.cartId)}`);
  expect(first).toMatchObject({ correlationId: metadata.correlationId, causes: [{ eventId: metadata.id }] });
});

test('a cart that does not fit its schema becomes no order, and holds up none that comes with it', async () => {
  const sku = await stocked(9);
  const broken = { ...cartOf(sku), lines: [] };
  const good = cartOf(sku);
  await putDetail(broken);
  await putDetail(good);

  expect((await orderEnds(orderIdOf(good.cartId))).status).toBe('shipped');
  expect(await commitsOf(tables.orders, `order#${orderIdOf(broken.cartId)}`)).toEqual([]);
});
