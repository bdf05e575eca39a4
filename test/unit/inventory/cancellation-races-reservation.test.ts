import { expect, test } from 'vitest';
import { received } from '../backbone/received.ts';
import { orderCancelled, orderPlaced, shipmentDispatched } from '../orders/mug-order.ts';
import { delivered, Warehouse } from './warehouse.ts';

const placed = received('placed', orderPlaced);
const cancelled = received('cancelled', orderCancelled('deadline_passed'));
const dispatched = received('dispatched', shipmentDispatched);

/** Three mugs and three cards; the mug order takes two and one. */
async function stockedWarehouse(): Promise<Warehouse> {
  const warehouse = new Warehouse();
  await warehouse.handle(delivered('d1', 'mug', 3), delivered('d2', 'card', 3));
  return warehouse;
}
const untouched = { available: 3, reserved: 0, shipped: 0, received: 3 };
const told = ({ store }: Warehouse) => store.told('reservation#order-c1');

/*
 *     cancelling:                          forestall at 1 ✓
 *     reserving:   (assumes nothing) hold ──────────────── at 1 with the counters ✗ ── load: forestalled ── nothing, at 2
 */
test('the cancellation wins: nothing is held, and no counter has moved', async () => {
  const warehouse = await stockedWarehouse();
  warehouse.store.nextAppends(warehouse.rival(cancelled));

  expect(await warehouse.handle(placed)).toEqual(['done']);

  expect(told(warehouse)).toEqual(['ReservationForestalled', '-']);
  expect([warehouse.stock('mug'), warehouse.stock('card')]).toMatchObject([untouched, untouched]);
});

/*
 *     cancelling:   load: nothing ── forestall ────────────────── at 1 ✗ ── load: held ── release at 2 with the counters
 *     reserving:                 hold at 1 with the counters ✓
 */
test('the reservation wins: what it held is released at once', async () => {
  const warehouse = await stockedWarehouse();
  warehouse.store.nextAppends(warehouse.rival(placed));

  expect(await warehouse.handle(cancelled)).toEqual(['done']);

  expect(told(warehouse)).toEqual(['InventoryReserved', 'InventoryReleased']);
  expect([warehouse.stock('mug'), warehouse.stock('card')]).toMatchObject([untouched, untouched]);
});

test('an order that is heard of only after its cancellation holds nothing, ever', async () => {
  const warehouse = await stockedWarehouse();
  await warehouse.handle(cancelled);

  for (const id of ['placed', 'placed', 'republished']) await warehouse.handle(received(id, orderPlaced));

  expect(told(warehouse)).toEqual(['ReservationForestalled', '-', '-']);
  expect(warehouse.stock('mug')).toMatchObject(untouched);
});

test('in one batch, in either order, nothing is kept', async () => {
  const placedFirst = await stockedWarehouse();
  const cancelledFirst = await stockedWarehouse();

  expect(await placedFirst.handle(placed, cancelled)).toEqual(['done', 'done']);
  expect(await cancelledFirst.handle(cancelled, placed)).toEqual(['done', 'done']);

  expect(told(placedFirst)).toEqual(['InventoryReserved', 'InventoryReleased']);
  expect(told(cancelledFirst)).toEqual(['ReservationForestalled']);
  for (const warehouse of [placedFirst, cancelledFirst]) expect(warehouse.stock('mug')).toMatchObject(untouched);
});

test('a release that fails for a while comes again, and gives the stock back once', async () => {
  const warehouse = await stockedWarehouse();
  await warehouse.handle(placed);
  warehouse.store.nextAppends(
    'fails before it takes effect',
    'fails before it takes effect',
    'takes effect, and its answer is lost',
  );

  for (const _ of [1, 2, 3])
    expect(await warehouse.handle(cancelled)).toEqual([expect.stringContaining('StoreFailure')]);
  expect(await warehouse.handle(cancelled)).toEqual(['done']);

  expect(told(warehouse)).toEqual(['InventoryReserved', 'InventoryReleased']);
  expect([warehouse.stock('mug'), warehouse.stock('card')]).toMatchObject([untouched, untouched]);
});

test('two that release at once release once', async () => {
  const warehouse = await stockedWarehouse();
  await warehouse.handle(placed);

  await Promise.all([
    warehouse.handle(cancelled),
    warehouse.handle(received('republished', orderCancelled('requested'))),
  ]);

  expect(told(warehouse)).toEqual(['InventoryReserved', 'InventoryReleased', '-']);
  expect(warehouse.stock('mug')).toMatchObject(untouched);
});

// No order is both dispatched and cancelled, but stock does not have to believe that.

/*
 *     dispatched:           load 1 ── leave at 2 ✓
 *     cancelled:   load 1 ── release ───────────── at 2 ✗ ── load: left ── nothing, at 3
 */
test('stock that has left is not released', async () => {
  const warehouse = await stockedWarehouse();
  await warehouse.handle(placed);
  warehouse.store.nextAppends(warehouse.rival(dispatched));

  expect(await warehouse.handle(cancelled)).toEqual(['done']);

  expect(told(warehouse)).toEqual(['InventoryReserved', 'ReservedStockLeft', '-']);
  expect(warehouse.stock('mug')).toMatchObject({ available: 1, reserved: 0, shipped: 2, received: 3 });
});

test('stock that was released does not leave', async () => {
  const warehouse = await stockedWarehouse();
  await warehouse.handle(placed);
  warehouse.store.nextAppends(warehouse.rival(cancelled));

  expect(await warehouse.handle(dispatched)).toEqual(['done']);

  expect(told(warehouse)).toEqual(['InventoryReserved', 'InventoryReleased', '-']);
  expect(warehouse.stock('mug')).toMatchObject(untouched);
});
