import { expect, test } from 'vitest';
import { received } from '../backbone/received.ts';
import { inventoryReserved, orderCancelled, orderPlaced } from '../orders/mug-order.ts';
import { PaymentsDesk } from './payments-desk.ts';

const cancelled = received('cancelled', orderCancelled('shipment_failed'));
const HOUR_MS = 3600_000;

async function chargedOrder(): Promise<PaymentsDesk> {
  const desk = new PaymentsDesk();
  await desk.handle(received('placed', orderPlaced), received('reserved', inventoryReserved));
  desk.provider.calls.length = 0;
  return desk;
}

test.each(['fails before it takes effect', 'takes effect, and its answer is lost'] as const)(
  'while the call %s the event fails, and then the money is back, once',
  async (how) => {
    const desk = await chargedOrder();
    desk.provider.nextCalls(how, how, how);

    for (const _ of [1, 2, 3]) {
      expect(await desk.handle(cancelled)).toEqual([expect.stringContaining('NoAnswer')]);
      expect(desk.published).toEqual({ PaymentCaptured: 1 });
      desk.clock.advance(HOUR_MS);
    }
    expect(await desk.handle(cancelled)).toEqual(['done']);

    expect(desk.provider.calls).toEqual(Array(4).fill('perform pay-order-c1/refund/1'));
    expect(desk.provider.givenBack).toBe(2500);
    expect(desk.published).toEqual({ PaymentCaptured: 1, PaymentRefunded: 1 });
  },
);

/*
 *     refund begun ── call ╳ no answer ── … a day in the dead-letter queue … ── the key is forgotten: ask, then call anew
 */
test.each([
  ['did not happen', 'fails before it takes effect', ['ask pay-order-c1/refund/1', 'perform pay-order-c1/refund/2']],
  ['happened', 'takes effect, and its answer is lost', ['ask pay-order-c1/refund/1']],
] as const)('a refund that %s, redriven after a day, is made once', async (_, how, calls) => {
  const desk = await chargedOrder();
  desk.provider.nextCalls(how);
  await desk.handle(cancelled);
  desk.provider.calls.length = 0;
  desk.clock.advance(25 * HOUR_MS);

  expect(await desk.handle(cancelled)).toEqual(['done']);

  expect(desk.provider.calls).toEqual(calls);
  expect(desk.provider.givenBack).toBe(2500);
});

test('any later event of the order goes on with the refund: it need not be the cancellation', async () => {
  const desk = await chargedOrder();
  desk.provider.nextCalls('fails before it takes effect');
  await desk.handle(cancelled);

  expect(await desk.handle(received('reserved again', inventoryReserved))).toEqual(['done']);

  expect(desk.provider.givenBack).toBe(2500);
});

/*
 *     one:      refund begun at 4 ── call ──────────────────────────────────────── refunded at 5 ✗ ── load: made ── nothing
 *     other:                    begun again at 5 ── call, same key ── refunded at 6 ✓
 */
test('two that refund at once refund once', async () => {
  const desk = await chargedOrder();
  desk.provider.nextCalls(desk.rival(cancelled));

  expect(await desk.handle(cancelled)).toEqual(['done']);

  expect(desk.provider.calls).toEqual(Array(2).fill('perform pay-order-c1/refund/1'));
  expect(desk.provider.givenBack).toBe(2500);
  expect(desk.published).toEqual({ PaymentCaptured: 1, PaymentRefunded: 1 });
});

test('a refund that could not be written down is not made again', async () => {
  const desk = await chargedOrder();
  desk.store.nextAppends('undisturbed', 'fails before it takes effect');

  expect(await desk.handle(cancelled)).toEqual(['StoreFailure: not written']);
  expect(await desk.handle(cancelled)).toEqual(['done']);

  expect(desk.provider.givenBack).toBe(2500);
  expect(desk.published).toEqual({ PaymentCaptured: 1, PaymentRefunded: 1 });
});
