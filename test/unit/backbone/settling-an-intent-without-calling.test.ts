import { describe, expect, test } from 'vitest';
import type { CommittedFact } from '../../../functions/backbone/event-store.ts';
import { ATTEMPT_MARGIN_MS } from '../../../functions/backbone/outside.ts';
import { asked, calledOff } from './errand-aggregate.ts';
import { Errands, TIMEOUT_MS } from './errands.ts';

/** An attempt of an errand that was called off meanwhile; how it ended, nobody knows. */
async function openIntent(script: 'fails before it takes effect' | 'takes effect, and its answer is lost') {
  const errands = new Errands();
  errands.outside.nextCalls(script);
  await errands.react({ e1: asked });
  await errands.react({ e2: calledOff });
  errands.outside.calls.length = 0;
  return errands;
}

/** A commit of somebody else, as the next version, without a cause. */
async function appendBehindTheBack({ store }: Errands, facts: readonly CommittedFact[]): Promise<void> {
  const version = store.inner.commits('errand#1').length + 1;
  const time = '2026-01-31T12:01:30.000Z';
  await store.inner.append({ stream: 'errand#1', version, time, correlationId: 'flow-of-e1', facts, causes: [] });
}

/** Somebody attempts the first round again, now. */
function attemptOf({ clock }: Errands): CommittedFact {
  return {
    id: 'attempt',
    type: 'ErrandAttempted',
    data: { round: 1, atMs: clock.now() },
    causationId: 'e1',
    hops: 1,
  };
}

test('nobody is asked while the last attempt may be under way', async () => {
  const errands = await openIntent('fails before it takes effect');
  errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS - 1);

  expect(await errands.react({ e1: asked })).toEqual([
    'AttemptUnderWay: errand#1: the call errand/1 may be under way until 2026-01-31T12:01:30.000Z; try again then',
  ]);
  expect(errands.outside.calls).toEqual([]);
  expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted']);
});

test.each([
  ['did not happen', 'fails before it takes effect', 'ErrandLapsed'],
  ['happened', 'takes effect, and its answer is lost', 'ErrandFinished ErrandUndone'],
] as const)('after that, what %s is learned by asking', async (_, script, settled) => {
  const errands = await openIntent(script);
  errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS);

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.outside.calls).toEqual(['ask errand/1']);
  expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted', settled]);
});

/*
 *     settler:   load version 2 ── ask: not found ─────────────────────────── commit the lapse at 3 ✗ ── decide again
 *     caller:                                     commit an attempt at 3 ✓ ── call …
 */
test('an attempt begun since makes the settling commit fail', async () => {
  const errands = await openIntent('fails before it takes effect');
  errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS);
  errands.store.nextAppends(() => appendBehindTheBack(errands, [attemptOf(errands)]));

  expect(await errands.react({ e1: asked })).toEqual([expect.stringContaining('AttemptUnderWay')]);

  expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted', 'ErrandAttempted']);
});

/*
 *     settler:   load version 2 ── ask: not found ───────── commit the lapse at 3 ✗ ── start again from the event ── ask: it happened
 *     others:                                     at 3 ✓
 */
test('an answer that was overtaken is asked for again', async () => {
  const errands = await openIntent('fails before it takes effect');
  errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS);
  errands.store.nextAppends(async () => {
    await appendBehindTheBack(errands, []);
    await errands.outside.perform({ key: 'errand/1' });
  });

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted', '-', 'ErrandFinished ErrandUndone']);
});

describe('what is learned before asking', () => {
  test('is committed without the cause, and stays when it is too early to ask', async () => {
    const errands = new Errands();
    errands.outside.nextCalls('fails before it takes effect');
    await errands.react({ e1: asked });
    errands.outside.calls.length = 0;

    expect(await errands.react({ e2: calledOff })).toEqual([expect.stringContaining('AttemptUnderWay')]);
    expect(await errands.react({ e2: calledOff })).toEqual([expect.stringContaining('AttemptUnderWay')]);

    expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted']);
    expect(errands.causes).toEqual([[], []]);
    expect(errands.outside.calls).toEqual([]);
  });

  test('is committed, asked about and settled by one event where nobody can be at it any more', async () => {
    const errands = new Errands();
    errands.outside.nextCalls('takes effect, and its answer is lost');
    await errands.react({ e1: asked });
    errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS);

    expect(await errands.react({ e2: calledOff })).toEqual(['done']);

    expect(errands.outside.calls).toEqual(['perform errand/1', 'ask errand/1']);
    expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted', 'ErrandFinished ErrandUndone']);
    expect(errands.causes).toEqual([[], [], ['e2']]);
  });

  /*
   *     settler:   load version 1 ── note at 2 ✗ ── load version 2 ── note at 3 ── the new attempt may be under way
   *     caller:               new attempt at 2 ✓
   */
  test('is decided again when it lost its version: nobody is asked about an attempt that was not seen', async () => {
    const errands = new Errands();
    errands.outside.nextCalls('fails before it takes effect');
    await errands.react({ e1: asked });
    errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS);
    errands.outside.calls.length = 0;
    errands.store.nextAppends(() => appendBehindTheBack(errands, [attemptOf(errands)]));

    expect(await errands.react({ e2: calledOff })).toEqual([expect.stringContaining('AttemptUnderWay')]);

    expect(errands.outside.calls).toEqual([]);
    expect(errands.told).toEqual(['ErrandAttempted', 'ErrandAttempted', 'CallingOffNoted']);
  });

  test('is not asked about when it could not be committed', async () => {
    const errands = new Errands();
    errands.outside.nextCalls('fails before it takes effect');
    await errands.react({ e1: asked });
    errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS);
    errands.outside.calls.length = 0;
    errands.store.nextAppends('fails before it takes effect');

    expect(await errands.react({ e2: calledOff })).toEqual(['StoreFailure: not written']);

    expect(errands.outside.calls).toEqual([]);
    expect(errands.told).toEqual(['ErrandAttempted']);
  });
});

test('nobody is asked on the strength of what a warm function remembers', async () => {
  const errands = new Errands();
  errands.outside.nextCalls('fails before it takes effect');
  const warm = errands.instance();
  await warm({ e1: asked });
  await warm({ e2: calledOff });
  errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS);
  await appendBehindTheBack(errands, [attemptOf(errands)]);
  errands.outside.calls.length = 0;

  expect(await warm({ e2: calledOff })).toEqual([expect.stringContaining('AttemptUnderWay')]);

  expect(errands.outside.calls).toEqual([]);
});
