import { describe, expect, test } from 'vitest';
import { type OrderFact, type OrderInput, orderDecider } from '../../../functions/orders/decider.ts';
import { given } from '../../given-when-then.ts';
import { received } from '../backbone/received.ts';
import {
  cartCheckedOut,
  inventoryReleased,
  inventoryReserved,
  orderCancelled,
  orderConfirmed,
  orderPlaced,
  orderShipped,
  paymentCaptured,
  paymentFailed,
  paymentRefunded,
  shipmentFailed,
} from './mug-order.ts';
import { OrdersShelf } from './orders-shelf.ts';

type Note = Exclude<OrderFact['type'], `Order${string}`>;

const orderId = 'order-c1';
const note = (type: Note): OrderFact => ({ type, data: { orderId } });
const held = note('StockHeldNoted');
const released = note('StockReleaseNoted');
const captured = note('PaymentCaptureNoted');
const refunded = note('PaymentRefundNoted');
const settlementDue: OrderInput = { type: 'OrderSettlementDue', data: { orderId } };
const cancelled = orderCancelled('deadline_passed');
const nothingCaptured = { ...paymentCaptured, data: { ...paymentCaptured.data, amount: 0 } };

const stages: Readonly<Record<string, readonly OrderFact[]>> = {
  'not known yet': [],
  placed: [orderPlaced],
  confirmed: [orderPlaced, orderConfirmed],
  shipped: [orderPlaced, orderConfirmed, orderShipped],
  cancelled: [orderPlaced, cancelled],
};

describe.each(Object.entries(stages))('of an order that is %s', (_, facts) => {
  test('it is noted that its stock is held, once', () => {
    given(orderDecider, ...facts)
      .when(inventoryReserved)
      .then(held);
    given(orderDecider, ...facts, held)
      .when(inventoryReserved)
      .thenNothing();
  });

  test('it is noted that its stock is released, once, and word of its being held that comes later is old', () => {
    given(orderDecider, ...facts)
      .when(inventoryReleased)
      .then(released);
    given(orderDecider, ...facts, held)
      .when(inventoryReleased)
      .then(released);
    given(orderDecider, ...facts, released)
      .when(inventoryReleased)
      .thenNothing();
    given(orderDecider, ...facts, released)
      .when(inventoryReserved)
      .thenNothing();
  });

  test('it is noted that its money is refunded, once', () => {
    given(orderDecider, ...facts)
      .when(paymentRefunded)
      .then(refunded);
    given(orderDecider, ...facts, refunded)
      .when(paymentRefunded)
      .thenNothing();
  });
});

test.each([
  ['not known yet', stages['not known yet'] ?? []],
  ['cancelled', stages.cancelled ?? []],
])('of an order that is %s, it is noted that its money is captured, once', (_, facts) => {
  given(orderDecider, ...facts)
    .when(paymentCaptured)
    .then(captured);
  given(orderDecider, ...facts, captured)
    .when(paymentCaptured)
    .thenNothing();
  given(orderDecider, ...facts, refunded)
    .when(paymentCaptured)
    .thenNothing();
});

test('nothing is noted of a payment of nothing', () => {
  given(orderDecider, orderPlaced, cancelled).when(nothingCaptured).thenNothing();
});

describe('when a cancelled order is to be settled', () => {
  test.each<[string, readonly OrderFact[]]>([
    ['nothing was ever held or captured', [orderPlaced, cancelled]],
    ['its stock is released', [orderPlaced, held, cancelled, released]],
    ['its release was heard of before its hold', [orderPlaced, cancelled, released]],
    ['its money is refunded', [orderPlaced, cancelled, captured, refunded]],
    ['its refund was heard of before its capture', [orderPlaced, cancelled, refunded]],
    ['both are back', [orderPlaced, held, orderConfirmed, orderCancelled('shipment_failed'), released, refunded]],
  ])('it is when %s', (_, facts) => {
    given(orderDecider, ...facts)
      .when(settlementDue)
      .thenSkips();
  });

  test.each<[string, readonly OrderFact[], RegExp]>([
    ['its stock is held', [orderPlaced, held, cancelled], /^order-c1 is cancelled, but its stock is still held$/],
    [
      'its stock was held after it was cancelled',
      [orderPlaced, cancelled, held],
      /^order-c1 is cancelled, but its stock is still held$/,
    ],
    [
      'its money was captured after it was cancelled',
      [orderPlaced, cancelled, captured],
      /^order-c1 is cancelled, but its money is not refunded$/,
    ],
    [
      'it was confirmed, and only its stock is back',
      [orderPlaced, held, orderConfirmed, orderCancelled('shipment_failed'), released],
      /^order-c1 is cancelled, but its money is not refunded$/,
    ],
    [
      'nothing is back',
      [orderPlaced, held, orderConfirmed, orderCancelled('shipment_failed')],
      /^order-c1 is cancelled, but its stock is still held and its money is not refunded$/,
    ],
  ])('it is not when %s', (_, facts, why) => {
    given(orderDecider, ...facts)
      .when(settlementDue)
      .thenNotYet(why);
  });

  test('a free order that was confirmed has no money to give back', () => {
    const free: OrderFact = { ...orderConfirmed, data: { ...orderConfirmed.data, total: 0 } };

    given(orderDecider, orderPlaced, held, free, orderCancelled('shipment_failed'), released)
      .when(settlementDue)
      .thenSkips();
  });
});

test.each([
  ['placed', [orderPlaced, held]],
  ['confirmed', [orderPlaced, held, orderConfirmed]],
  ['shipped', [orderPlaced, held, orderConfirmed, orderShipped]],
] as const)('an order that is %s keeps what it holds', (_, facts) => {
  given(orderDecider, ...facts)
    .when(settlementDue)
    .thenSkips();
});

test('of an order that is not known, nothing is to be settled', () => {
  given(orderDecider).when(settlementDue).thenSkips();
});

describe('the OrderCancelled that comes back', () => {
  const declined = async () => {
    const shelf = new OrdersShelf();
    await shelf.handle(received('cart', cartCheckedOut), received('reserved', inventoryReserved));
    await shelf.handle(received('declined', paymentFailed('declined')));
    return shelf;
  };
  const stockHeld =
    'NotYet: order#order-c1: OrderSettlementDue comes too early: order-c1 is cancelled, but its stock is still held';

  test('fails again and again while something is kept, writes nothing, and is done once it is back', async () => {
    const shelf = await declined();
    shelf.store.calls.length = 0;

    for (const _ of [1, 2, 3]) expect(await shelf.settlementIsDue('cancelled')).toEqual([stockHeld]);
    await shelf.rival.handle(received('released', inventoryReleased));
    expect(await shelf.settlementIsDue('cancelled')).toEqual(['done']);

    expect(shelf.store.calls).toEqual(Array(4).fill('load order#order-c1'));
  });

  test('can be looked at again after it was done: it is not remembered', async () => {
    const shelf = new OrdersShelf();
    await shelf.handle(received('cart', cartCheckedOut));
    await shelf.deadlinePasses('placed');
    expect(await shelf.settlementIsDue('cancelled')).toEqual(['done']);

    await shelf.handle(received('reserved late', inventoryReserved));

    expect(await shelf.settlementIsDue('cancelled')).toEqual([stockHeld]);
  });
});

describe('word of what was held or captured, when it comes back', () => {
  const nothingKept = async () => {
    const shelf = new OrdersShelf();
    await shelf.handle(received('cart', cartCheckedOut));
    await shelf.deadlinePasses('placed');
    expect(await shelf.settlementIsDue('cancelled')).toEqual(['done']);
    return shelf;
  };

  /*
   *     cancelled ──────── due: nothing was kept
   *                                     reserved, by an inventory that was late ── due again: its stock is still held
   */
  test.each([
    ['stock', received('reserved', inventoryReserved), received('released', inventoryReleased)],
    ['money', received('captured', paymentCaptured), received('refunded', paymentRefunded)],
  ])('finds the %s that was kept only after the order had been looked at', async (what, kept, back) => {
    const shelf = await nothingKept();
    await shelf.handle(kept);

    for (const _ of [1, 2]) expect(await shelf.lookAfter(kept)).toEqual([expect.stringContaining(`its ${what} is`)]);
    await shelf.handle(back);

    expect(await shelf.lookAfter(kept)).toEqual(['done']);
  });

  test('is no matter of an order that goes its way, and writes nothing', async () => {
    const shelf = new OrdersShelf();
    await shelf.handle(received('cart', cartCheckedOut), received('reserved', inventoryReserved));
    await shelf.handle(received('captured', paymentCaptured));
    shelf.store.calls.length = 0;

    const words = [received('reserved', inventoryReserved), received('captured', paymentCaptured)];
    expect(await shelf.lookAfter(...words)).toEqual(['done', 'done']);

    expect(shelf.store.calls).toEqual(['load order#order-c1']);
  });
});

test('late answers of all contexts are noted, and undone answers settle the order', async () => {
  const shelf = new OrdersShelf();
  await shelf.handle(received('cart', cartCheckedOut));
  await shelf.deadlinePasses('placed');

  await shelf.handle(received('captured', paymentCaptured));
  await shelf.handle(received('reserved', inventoryReserved));
  expect(await shelf.settlementIsDue('cancelled')).toEqual([
    expect.stringContaining('its stock is still held and its money is not refunded'),
  ]);
  await shelf.handle(received('refunded', paymentRefunded), received('released', inventoryReleased));

  expect(await shelf.settlementIsDue('cancelled')).toEqual(['done']);
  expect(shelf.published).toEqual(['OrderPlaced', 'OrderCancelled:deadline_passed']);
});

test('an order whose shipment failed is settled when its stock and its money are back', async () => {
  const shelf = new OrdersShelf();
  await shelf.handle(received('cart', cartCheckedOut), received('reserved', inventoryReserved));
  await shelf.handle(received('captured', paymentCaptured));
  await shelf.handle(received('failed', shipmentFailed('address_unreachable')));
  expect(await shelf.settlementIsDue('cancelled')).toEqual([expect.stringContaining('NotYet')]);

  await shelf.handle(received('released', inventoryReleased));
  expect(await shelf.settlementIsDue('cancelled')).toEqual([expect.stringContaining('its money is not refunded')]);
  await shelf.handle(received('refunded', paymentRefunded));

  expect(await shelf.settlementIsDue('cancelled')).toEqual(['done']);
});
