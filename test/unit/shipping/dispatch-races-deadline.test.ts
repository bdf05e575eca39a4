import { describe, expect, test } from 'vitest';
import { ATTEMPT_MARGIN_MS } from '../../../functions/backbone/outside.ts';
import { shipmentFailed } from '../orders/mug-order.ts';
import { LoadingDock, TIMEOUT_MS } from './loading-dock.ts';

/** From then on an attempt that began now must have ended. */
const FENCE_MS = TIMEOUT_MS + ATTEMPT_MARGIN_MS;

const unavailable = shipmentFailed('carrier_unavailable');
const underWay = expect.stringMatching(
  /^AttemptUnderWay: shipment#order-c1: the call ship-order-c1\/dispatch\/1 may be under way until /,
);

/** A dispatch that was begun, and of which nobody knows how it ended. */
async function openDispatch(how: 'fails before it takes effect' | 'takes effect, and its answer is lost') {
  const dock = new LoadingDock();
  dock.carrier.nextCalls(how);
  expect(await dock.dispatch('confirmed')).toEqual([expect.stringContaining('NoAnswer')]);
  dock.carrier.calls.length = 0;
  return dock;
}

describe('before anything is under way', () => {
  /*
   *     deadline:               load: nothing ── failed at 1 ✓
   *     dispatching:   load: nothing ── begin ──────────────── at 1 ✗ ── load: failed ── nothing goes, at 2
   */
  test('the deadline wins: nothing is sent', async () => {
    const dock = new LoadingDock();
    dock.store.nextAppends(dock.rival('deadline', 'confirmed'));

    expect(await dock.dispatch('confirmed')).toEqual(['done']);

    expect(dock.carrier.calls).toEqual([]);
    expect(dock.published).toEqual([unavailable]);
  });

  /*
   *     deadline:      load: nothing ── failed ───────────────── at 1 ✗ ── load: under way ── overdue ── comes again
   *     dispatching:                load: nothing ── begin at 1 ✓ ── call ╳ died
   */
  test('the dispatch wins: the deadline waits for its end', async () => {
    const dock = new LoadingDock();
    dock.carrier.nextCalls('takes effect, and its answer is lost');
    dock.store.nextAppends(dock.rival('dispatch', 'confirmed'));

    expect(await dock.deadlinePasses('confirmed')).toEqual([underWay]);
    dock.clock.advance(FENCE_MS);
    expect(await dock.deadlinePasses('confirmed')).toEqual(['done']);

    expect(dock.told).toEqual(['DispatchDue DispatchAttempted', 'DispatchOverdue', 'ShipmentDispatched']);
    expect(dock.carrier.parcels).toBe(1);
  });
});

describe('while the call is under way', () => {
  /*
   *     dispatching:   begin at 1 ── call: dispatched ──────────── at 2 ✗ ── load: overdue ── dispatched at 3
   *     deadline:                      overdue at 2 ✓ ── may be under way: comes again
   */
  test('a dispatch that comes true is told, overdue or not', async () => {
    const dock = new LoadingDock();
    let deadline: readonly string[] = [];
    dock.carrier.nextCalls(async () => {
      deadline = await dock.rival('deadline', 'confirmed')();
    });

    expect(await dock.dispatch('confirmed')).toEqual(['done']);

    expect(deadline).toEqual([underWay]);
    expect(dock.told).toEqual(['DispatchDue DispatchAttempted', 'DispatchOverdue', 'ShipmentDispatched']);
    dock.clock.advance(FENCE_MS);
    expect(await dock.deadlinePasses('confirmed')).toEqual(['done']);
    expect(dock.told).toHaveLength(3);
    expect(dock.carrier.calls).toEqual(['perform ship-order-c1/dispatch/1']);
  });

  test('a refusal is told with the reason of the carrier', async () => {
    const dock = new LoadingDock('addr_unreachable');
    dock.carrier.nextCalls(dock.rival('deadline', 'confirmed'));

    expect(await dock.dispatch('confirmed')).toEqual(['done']);

    expect(dock.published).toEqual([shipmentFailed('address_unreachable')]);
  });
});

describe('after the dispatching function has died', () => {
  test('the carrier is not asked while the attempt may be under way', async () => {
    const dock = await openDispatch('fails before it takes effect');
    dock.clock.advance(FENCE_MS - 1);

    expect(await dock.deadlinePasses('confirmed')).toEqual([underWay]);

    expect(dock.carrier.calls).toEqual([]);
    expect(dock.told).toEqual(['DispatchDue DispatchAttempted', 'DispatchOverdue']);
  });

  /*
   *     dispatching:   begin at 1 ── call ╳ nothing was sent
   *     deadline:                            overdue ── … ── ask: not found ── failed
   */
  test('nothing was sent: the shipment has failed, and nothing is sent after that', async () => {
    const dock = await openDispatch('fails before it takes effect');
    dock.clock.advance(FENCE_MS);

    expect(await dock.deadlinePasses('confirmed')).toEqual(['done']);
    expect(await dock.dispatch('confirmed', 'confirmed again')).toEqual(['done', 'done']);

    expect(dock.carrier.calls).toEqual(['ask ship-order-c1/dispatch/1']);
    expect(dock.published).toEqual([unavailable]);
    expect(dock.carrier.parcels).toBe(0);
  });

  /*
   *     dispatching:   begin at 1 ── call: dispatched ╳ nobody was told
   *     deadline:                            overdue ── … ── ask: dispatched ── dispatched
   */
  test('it was sent: the deadline tells so', async () => {
    const dock = await openDispatch('takes effect, and its answer is lost');
    dock.clock.advance(FENCE_MS);

    expect(await dock.deadlinePasses('confirmed')).toEqual(['done']);

    expect(dock.published).toMatchObject([{ type: 'ShipmentDispatched' }]);
    expect(dock.carrier.parcels).toBe(1);
  });

  test('a carrier that is down at the deadline, and knows nothing, makes it fail', async () => {
    const dock = new LoadingDock('addr_down');
    for (const _ of [1, 2, 3]) await dock.dispatch('confirmed');
    dock.clock.advance(FENCE_MS);

    expect(await dock.deadlinePasses('confirmed')).toEqual(['done']);

    expect(dock.published).toEqual([unavailable]);
  });
});

describe('when the event comes again just then', () => {
  /*
   *     again:       load 1 ── new attempt ── at 2 ✗ ── load: overdue ── ask, never call
   *     deadline:              overdue at 2 ✓ ── may be under way: comes again
   */
  test('the deadline wins: the call is not repeated', async () => {
    const dock = await openDispatch('fails before it takes effect');
    dock.store.nextAppends(dock.rival('deadline', 'confirmed'));

    expect(await dock.dispatch('confirmed')).toEqual([underWay]);

    expect(dock.carrier.calls).toEqual([]);
    expect(dock.told).toEqual(['DispatchDue DispatchAttempted', 'DispatchOverdue']);
  });

  /*
   *     deadline:    load 1 ── overdue ───── at 2 ✗ ── load ── overdue at 3 ── the new attempt may be under way
   *     again:              new attempt at 2 ✓ ── call ╳ died
   */
  test('the new attempt wins: the deadline waits for that one', async () => {
    const dock = await openDispatch('fails before it takes effect');
    dock.clock.advance(FENCE_MS);
    dock.carrier.nextCalls('takes effect, and its answer is lost');
    dock.store.nextAppends(dock.rival('dispatch', 'confirmed'));

    expect(await dock.deadlinePasses('confirmed')).toEqual([underWay]);
    dock.clock.advance(FENCE_MS);
    expect(await dock.deadlinePasses('confirmed')).toEqual(['done']);

    expect(dock.told).toEqual([
      'DispatchDue DispatchAttempted',
      'DispatchAttempted',
      'DispatchOverdue',
      'ShipmentDispatched',
    ]);
    expect(dock.carrier.parcels).toBe(1);
  });

  test('both ask at once, and one tells', async () => {
    const dock = await openDispatch('fails before it takes effect');
    await dock.deadlinePasses('confirmed');
    dock.clock.advance(FENCE_MS);

    const answers = await Promise.all([dock.deadlinePasses('confirmed'), dock.dispatch('confirmed')]);

    expect(answers).toEqual([['done'], ['done']]);
    expect(dock.published).toEqual([unavailable]);
    expect(dock.carrier.parcels).toBe(0);
  });
});

test('the same event is a cause of its own to each of the two functions', async () => {
  const dock = new LoadingDock();
  await dock.deadlinePasses('confirmed');

  expect(await dock.dispatch('confirmed')).toEqual(['done']);

  expect(dock.store.inner.commits('shipment#order-c1').map(({ causes }) => causes)).toMatchObject([
    [{ subscription: 'shipping-deadline', eventId: 'confirmed' }],
    [{ subscription: 'shipping', eventId: 'confirmed' }],
  ]);
});

/*
 *     dispatching:   begin ── call ╳ died … the key is forgotten … ── ask: not found ── begin anew, at 3 ✗ ── overdue: failed
 *     deadline:                                                              overdue at 3 ✓ ── ask: not found
 */
test('a dispatch that would be begun anew after a day is not begun after its deadline', async () => {
  const dock = await openDispatch('fails before it takes effect');
  dock.clock.advance(25 * 3600_000);
  dock.store.nextAppends(dock.rival('deadline', 'confirmed'));

  expect(await dock.dispatch('confirmed')).toEqual(['done']);

  expect(dock.carrier.calls).not.toContainEqual(expect.stringContaining('perform'));
  expect(dock.published).toEqual([unavailable]);
});
