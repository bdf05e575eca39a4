import fc from 'fast-check';
import { expect, test } from 'vitest';
import { received } from '../backbone/received.ts';
import { orderCancelled, orderPlaced, shipmentDispatched } from '../orders/mug-order.ts';
import { delivered, type InventoryEvent, Warehouse } from './warehouse.ts';

/** The events of three orders of 1, 2 and 3 mugs, each under two ids, and of two deliveries. */
const ordersEvents = [1, 2, 3].flatMap((quantity): InventoryEvent[] => {
  const orderId = `order-${quantity}`;
  const lines = [{ sku: 'mug', quantity, unitPrice: 1 }];
  return ['a', 'b'].flatMap((copy) => [
    received(`placed-${quantity}-${copy}`, { ...orderPlaced, data: { ...orderPlaced.data, orderId, lines } }),
    received(`cancelled-${quantity}-${copy}`, {
      ...orderCancelled('requested'),
      data: { ...orderCancelled('requested').data, orderId },
    }),
    received(`dispatched-${quantity}-${copy}`, {
      ...shipmentDispatched,
      data: { ...shipmentDispatched.data, orderId },
    }),
  ]);
});
const events = [
  ...ordersEvents,
  delivered('d1', 'mug', 3),
  delivered('d2', 'mug', 2),
  delivered('d2b', 'mug', 2, 'd2'),
];

const scripts = fc.array(
  fc.constantFrom('undisturbed', 'undisturbed', 'fails before it takes effect', 'takes effect, and its answer is lost'),
  { maxLength: 10 },
);
const batches = fc.shuffledSubarray([...events, ...events]).chain((all) =>
  fc.array(fc.boolean(), { minLength: all.length, maxLength: all.length }).map((cuts) => {
    const cut: InventoryEvent[][] = [[]];
    for (const [n, event] of all.entries()) {
      if (cuts[n]) cut.push([]);
      cut.at(-1)?.push(event);
    }
    return cut;
  }),
);

test('no piece is lost or made, none is promised twice, and what is over holds nothing', async () => {
  await fc.assert(
    fc.asyncProperty(batches, scripts, async (batches, scripts) => {
      const warehouse = new Warehouse();
      warehouse.store.nextAppends(...scripts);
      const pending = [...batches];
      for (let batch = pending.shift(); batch !== undefined; batch = pending.shift()) {
        const answers = await Promise.all([warehouse.handle(...batch), warehouse.handle(...batch)]);
        if (answers.flat().some((answer) => answer !== 'done')) pending.push(batch);
        const { available, reserved, shipped, received } = warehouse.stock('mug');
        expect(available + reserved + shipped).toBe(received);
        expect(Math.min(available, reserved, shipped)).toBeGreaterThanOrEqual(0);
      }

      const held = [1, 2, 3].filter(
        (n) =>
          warehouse.store
            .told(`reservation#order-${n}`)
            .filter((t) => t !== '-')
            .at(-1) === 'InventoryReserved',
      );
      expect(warehouse.stock('mug').reserved).toBe(held.reduce((sum, n) => sum + n, 0));
      const ids = new Set(batches.flat().map(({ metadata }) => metadata.id));
      const deliveries = (ids.has('d1') ? 3 : 0) + (ids.has('d2') || ids.has('d2b') ? 2 : 0);
      expect(warehouse.stock('mug').received).toBe(deliveries);
    }),
  );
});
