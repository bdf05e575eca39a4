import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderInput } from '../../../functions/orders/decider.ts';
import { received } from '../backbone/received.ts';
import {
  cartCheckedOut,
  inventoryReservationFailed,
  paymentCaptured,
  paymentFailed,
  shipmentDispatched,
} from './mug-order.ts';
import { OrdersShelf } from './orders-shelf.ts';

const inputs: readonly OrderInput[] = [
  cartCheckedOut,
  inventoryReservationFailed,
  paymentCaptured,
  paymentFailed('declined'),
  shipmentDispatched,
];
const arrivals = fc.array(fc.record({ input: fc.nat({ max: 4 }), copy: fc.nat({ max: 1 }), batch: fc.boolean() }), {
  maxLength: 15,
});

test('whatever comes, an order is placed once, and ends once', async () => {
  await fc.assert(
    fc.asyncProperty(arrivals, async (arrivals) => {
      const shelf = new OrdersShelf();
      let batch: ReturnType<typeof received<OrderInput>>[] = [];
      for (const arrival of arrivals) {
        const input = inputs[arrival.input] ?? cartCheckedOut;
        batch.push(received(`${input.type}-${arrival.copy}`, input));
        if (arrival.batch) {
          await shelf.handle(...batch);
          batch = [];
        }
      }
      await shelf.handle(...batch);

      const told = shelf.store.told('order#order-c1').join(' ').replaceAll('-', '').split(' ').filter(Boolean);
      expect([
        [],
        ['OrderPlaced'],
        ['OrderPlaced', 'OrderCancelled'],
        ['OrderPlaced', 'OrderConfirmed'],
        ['OrderPlaced', 'OrderConfirmed', 'OrderShipped'],
      ]).toContainEqual(told);
      const ids = shelf.store.causes('order#order-c1').flat();
      expect(new Set(ids).size).toBe(ids.length);
    }),
  );
});
