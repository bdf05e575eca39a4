import { expect, test } from 'vitest';
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
  errands.store.nextAppends(() =>
    errands.store.inner.append({
      stream: 'errand#1',
      version: 3,
      time: '2026-01-31T12:01:30.000Z',
      correlationId: 'flow-of-e1',
      facts: [
        {
          id: 'attempt',
          type: 'ErrandAttempted',
          data: { round: 1, atMs: errands.clock.now() },
          causationId: 'e1',
          hops: 1,
        },
      ],
      causes: [],
    }),
  );

  expect(await errands.react({ e1: asked })).toEqual([expect.stringContaining('AttemptUnderWay')]);

  expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted', 'ErrandAttempted']);
});

/*
 *     settler:   load version 2 ── ask: not found ── commit at 3 ✗ ── start again from the event ── ask: it happened
 */
test('an answer that was overtaken is asked for again', async () => {
  const errands = await openIntent('fails before it takes effect');
  errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS);
  errands.store.nextAppends(async () => {
    await errands.rival({ e3: calledOff })();
    await errands.outside.perform({ key: 'errand/1' });
  });

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted', '-', 'ErrandFinished ErrandUndone']);
});
