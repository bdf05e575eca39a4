import { expect, test } from 'vitest';
import { ATTEMPT_MARGIN_MS } from '../../../functions/backbone/outside.ts';
import { received } from '../backbone/received.ts';
import { inventoryReserved, orderCancelled, orderPlaced } from '../orders/mug-order.ts';
import { PaymentsDesk, TIMEOUT_MS } from './payments-desk.ts';

const placed = received('placed', orderPlaced);
const reserved = received('reserved', inventoryReserved);
const cancelled = received('cancelled', orderCancelled('deadline_passed'));

/** From then on an attempt that began now must have ended. */
const FENCE_MS = TIMEOUT_MS + ATTEMPT_MARGIN_MS;

const underWay = expect.stringMatching(/^AttemptUnderWay: payment#order-c1: the call pay-order-c1\/charge\/1 may be/);

/** An order whose terms are known: its stock's being held is all that its charge waits for. */
async function knownOrder(): Promise<PaymentsDesk> {
  const desk = new PaymentsDesk();
  await desk.handle(placed);
  return desk;
}

/** A charge that was begun, and of which nobody knows how it ended. */
async function openCharge(how: 'fails before it takes effect' | 'takes effect, and its answer is lost') {
  const desk = await knownOrder();
  desk.provider.nextCalls(how);
  expect(await desk.handle(reserved)).toEqual([expect.stringContaining('NoAnswer')]);
  return desk;
}

/*
 *     cancelling:            load 1 ── note at 2 ✓
 *     charging:     load 1 ── begin ───────────── at 2 ✗ ── load: cancelled ── no charge, at 3
 */
test('the cancellation wins: nobody is charged', async () => {
  const desk = await knownOrder();
  desk.store.nextAppends(desk.rival(cancelled));

  expect(await desk.handle(reserved)).toEqual(['done']);

  expect(desk.provider.calls).toEqual([]);
  expect(desk.told).toEqual(['TermsNoted:2500', 'OrderCancellationNoted', 'StockHeldNoted']);
});

/*
 *     charging:     begin at 2 ── call: captured ─────────── at 3 ✗ ── load: cancelled ── captured, refund begun at 4 ── …
 *     cancelling:                     note at 3 ✓ ── the charge may be under way: comes again
 */
test('the charge wins: it is told, and refunded at once by the one that made it', async () => {
  const desk = await knownOrder();
  let cancelling: readonly string[] = [];
  desk.provider.nextCalls(async () => {
    cancelling = await desk.rival(cancelled)();
  });

  expect(await desk.handle(reserved)).toEqual(['done']);

  expect(cancelling).toEqual([underWay]);
  expect(desk.told).toEqual([
    'TermsNoted:2500',
    'StockHeldNoted ChargeAttempted',
    'OrderCancellationNoted',
    'PaymentCaptured:2500 RefundAttempted',
    'PaymentRefunded:2500',
  ]);
  expect(desk.provider.taken - desk.provider.givenBack).toBe(0);
});

test('the cancellation that comes again then finds everything undone', async () => {
  const desk = await knownOrder();
  desk.provider.nextCalls(desk.rival(cancelled));
  await desk.handle(reserved);
  desk.provider.calls.length = 0;

  expect(await desk.handle(cancelled)).toEqual(['done']);

  expect(desk.provider.calls).toEqual([]);
  expect(desk.published).toEqual({ PaymentCaptured: 1, PaymentRefunded: 1 });
});

/*
 *     charging:     begin ── call ╳ died; its event lies in the dead-letter queue
 *     cancelling:            note ── the charge may be under way ── … ── ask: not charged ── it has lapsed
 *                                                                    └─ ask: captured ── refund
 */
test.each([
  [
    'did not happen',
    'fails before it takes effect',
    ['ask pay-order-c1/charge/1'],
    ['OrderCancellationNoted', 'ChargeLapsed'],
    0,
  ],
  [
    'happened',
    'takes effect, and its answer is lost',
    ['ask pay-order-c1/charge/1', 'perform pay-order-c1/refund/1'],
    ['OrderCancellationNoted', 'PaymentCaptured:2500 RefundAttempted', 'PaymentRefunded:2500'],
    2500,
  ],
] as const)(
  'the cancellation alone settles a charge that %s and of which nobody told',
  async (_, how, calls, told, taken) => {
    const desk = await openCharge(how);
    desk.provider.calls.length = 0;

    expect(await desk.handle(cancelled)).toEqual([underWay]);
    desk.clock.advance(FENCE_MS - 1);
    expect(await desk.handle(cancelled)).toEqual([underWay]);
    expect(desk.provider.calls).toEqual([]);
    desk.clock.advance(1);
    expect(await desk.handle(cancelled)).toEqual(['done']);

    expect(desk.provider.calls).toEqual(calls);
    expect(desk.told.slice(2)).toEqual(told);
    expect({ taken: desk.provider.taken, givenBack: desk.provider.givenBack }).toEqual({ taken, givenBack: taken });
  },
);

/*
 *     charging again:               new attempt at 3 ✓ ── call: captured ╳ died
 *     cancelling:      load 2 ── note ─────────────────── at 3 ✗ ── load ── note at 4 ── the new attempt may be under way
 */
test('a charge that is begun again at the last moment is waited for', async () => {
  const desk = await openCharge('fails before it takes effect');
  desk.clock.advance(FENCE_MS);
  desk.provider.nextCalls('takes effect, and its answer is lost');
  desk.store.nextAppends(desk.rival(reserved));

  expect(await desk.handle(cancelled)).toEqual([underWay]);
  desk.clock.advance(FENCE_MS);
  expect(await desk.handle(cancelled)).toEqual(['done']);

  expect(desk.told.slice(2)).toEqual([
    'ChargeAttempted',
    'OrderCancellationNoted',
    'PaymentCaptured:2500 RefundAttempted',
    'PaymentRefunded:2500',
  ]);
  expect([desk.provider.taken, desk.provider.givenBack]).toEqual([2500, 2500]);
});

/*
 *     cancelling:               note at 3 ✓ ── the old attempt has ended: ask …
 *     charging again:  load 2 ── new attempt ─── at 3 ✗ ── load: cancelled ── ask, never call
 */
test('once the cancellation is noted, no charge is begun again', async () => {
  const desk = await openCharge('fails before it takes effect');
  desk.clock.advance(FENCE_MS);
  desk.provider.calls.length = 0;
  desk.store.nextAppends(desk.rival(cancelled));

  expect(await desk.handle(reserved)).toEqual(['done']);

  expect(desk.provider.calls).toEqual(['ask pay-order-c1/charge/1']);
  expect(desk.provider.taken).toBe(0);
});

test.each([
  ['did not happen', 'fails before it takes effect', { published: {}, taken: 0 }],
  [
    'happened',
    'takes effect, and its answer is lost',
    { published: { PaymentCaptured: 1, PaymentRefunded: 1 }, taken: 2500 },
  ],
] as const)('a charge that %s is settled once, however many settle it at once', async (_, how, expected) => {
  const desk = await openCharge(how);
  await desk.handle(cancelled);
  desk.clock.advance(FENCE_MS);
  const turns = await Promise.all([desk.handle(cancelled), desk.handle(reserved), desk.handle(cancelled)]);

  // Who meets a refund that was just begun calls with its key as well; nobody has to wait.
  expect(turns.flat()).toEqual(['done', 'done', 'done']);
  expect({ published: desk.published, taken: desk.provider.taken }).toEqual(expected);
  expect(desk.provider.givenBack).toBe(expected.taken);
});

/*
 *     charging:     begin ── call: declined ──────── at 3 ✗ ── load: cancelled ── it has lapsed, at 4
 *     cancelling:               note at 3 ✓
 */
test('a charge that is declined after the cancellation is told to nobody', async () => {
  const desk = new PaymentsDesk();
  await desk.handle(
    received('placed', { ...orderPlaced, data: { ...orderPlaced.data, paymentMethod: 'tok_declined' } }),
  );
  desk.provider.nextCalls(desk.rival(cancelled));

  expect(await desk.handle(reserved)).toEqual(['done']);
  expect(await desk.handle(cancelled)).toEqual(['done']);

  expect(desk.provider.calls).toEqual(['perform pay-order-c1/charge/1']);
  expect(desk.published).toEqual({});
});

test('stock that is held after the cancellation charges nobody', async () => {
  const desk = await knownOrder();
  await desk.handle(cancelled);

  expect(await desk.handle(reserved)).toEqual(['done']);

  expect(desk.provider.calls).toEqual([]);
});

test('in one batch, in either order, nothing is kept', async () => {
  const chargedFirst = await knownOrder();
  const cancelledFirst = await knownOrder();

  expect(await chargedFirst.handle(reserved, cancelled)).toEqual(['done', 'done']);
  expect(await cancelledFirst.handle(cancelled, reserved)).toEqual(['done', 'done']);

  expect([chargedFirst.provider.taken, chargedFirst.provider.givenBack]).toEqual([2500, 2500]);
  expect([cancelledFirst.provider.taken, cancelledFirst.provider.givenBack]).toEqual([0, 0]);
});
