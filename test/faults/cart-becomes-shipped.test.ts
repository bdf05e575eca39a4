import { expect, test } from 'vitest';
import {
  CartCheckedOut,
  InventoryReserved,
  NotificationSent,
  OrderConfirmed,
  OrderPlaced,
  OrderShipped,
  PaymentCaptured,
  ShipmentDispatched,
} from '../../schemas/generated/facts.ts';
import { CART, openShop } from './shop-world.ts';

test('a cart becomes a shipped order', async () => {
  const world = openShop();
  world.send(CartCheckedOut, CART, { inSeconds: 1 });

  await world.run();

  const told = [OrderPlaced, InventoryReserved, PaymentCaptured, OrderConfirmed, ShipmentDispatched, OrderShipped];
  for (const { type } of told) {
    expect(world.events.filter((event) => event['detail-type'] === type)).toHaveLength(1);
  }
  expect(world.published(NotificationSent)).toHaveLength(2);
  const { view, stores, provider, carrier, mailer } = world.parts;
  expect(view.item('order-c1')).toMatchObject({ status: 'shipped', total: 3400 });
  expect(stores.inventory.counter('stock#tea-earl-grey')).toMatchObject({
    received: 10,
    available: 8,
    reserved: 0,
    shipped: 2,
  });
  expect(provider.ledger.map(({ result }) => result.outcome.type)).toEqual(['ChargeCaptured']);
  expect(carrier.ledger.map(({ result }) => result.outcome.type)).toEqual(['Dispatched']);
  expect(mailer.sent.map(({ to }) => to)).toEqual(['ada@example.com', 'ada@example.com']);
  expect(world.queues.flatMap(({ messages, deadLetters }) => [...messages, ...deadLetters])).toEqual([]);
});
