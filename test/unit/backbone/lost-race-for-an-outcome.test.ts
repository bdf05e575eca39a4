import { expect, test } from 'vitest';
import { ATTEMPT_MARGIN_MS } from '../../../functions/backbone/outside.ts';
import { asked, calledOff } from './errand-aggregate.ts';
import { Errands, TIMEOUT_MS } from './errands.ts';

/*
 *     winner:                       note the calling off at 2 ✓ ── the call may be under way: comes again
 *     loser:   commit the intent at 1 ── call ─────── commit the outcome at 2 ✗ ── load ── decide again: undo, at 3
 */
test('the loser decides again with the outcome in hand', async () => {
  const errands = new Errands();
  errands.outside.nextCalls(errands.rival({ e2: calledOff }));

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted', 'ErrandFinished ErrandUndone']);
  expect(errands.causes).toEqual([[], [], ['e1']]);
  expect(errands.outside.calls).toEqual(['perform errand/1']);
});

test('what the winner could not settle then is settled when it comes again', async () => {
  const errands = new Errands();
  errands.outside.nextCalls(errands.rival({ e2: calledOff }));
  await errands.react({ e1: asked });

  expect(await errands.react({ e2: calledOff })).toEqual(['done']);

  expect(errands.outside.calls).toEqual(['perform errand/1']);
  expect(errands.told.slice(3)).toEqual(['-']);
  expect(errands.causes).toEqual([[], [], ['e1'], ['e2']]);
});

/*
 *     winner:                     new attempt at 2 ── call ── outcome at 3 with the cause ✓
 *     loser:   intent at 1 ── call ─────────────────────────────────── outcome at 2 ✗ ── load: settled by the same event
 */
test('two deliveries of one event at a time settle it once', async () => {
  const errands = new Errands();
  errands.outside.nextCalls(errands.rival({ e1: asked }));

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.told).toEqual(['ErrandAttempted', 'ErrandAttempted', 'ErrandFinished']);
  expect(errands.causes).toEqual([[], [], ['e1']]);
  expect(errands.outside.run).toBe(1);
});

/*
 *     winner:          intent at 1 ── call ── outcome at 2 with the cause ✓
 *     loser:   load ─────────────────────────────────────────── intent at 1 ✗ ── load: settled by the same event
 */
test('who loses the race for the intent to the same event calls nobody', async () => {
  const errands = new Errands();
  errands.store.nextAppends(errands.rival({ e1: asked }));

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.outside.calls).toEqual(['perform errand/1']);
  expect(errands.told).toEqual(['ErrandAttempted', 'ErrandFinished']);
});

test('who loses the race for the intent calls nobody before it has decided again', async () => {
  const errands = new Errands();
  errands.store.nextAppends(errands.rival({ e2: calledOff }));

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.outside.calls).toEqual([]);
  expect(errands.told).toEqual(['CallingOffNoted', '-']);
});

/*
 *     rival:                                              begin a new attempt at 3 ✓
 *     loser:   called off at 2 ✓ ── ask: nothing happened ──────────────── "it lapsed" at 3 ✗ ── load: it is under way
 */
test('an answer that nothing happened is dropped when somebody began anew meanwhile', async () => {
  const errands = new Errands();
  errands.outside.nextCalls('fails before it takes effect');
  await errands.react({ e1: asked });
  errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS);
  errands.store.nextAppends('undisturbed', () =>
    errands.store.inner.append({
      stream: 'errand#1',
      version: 3,
      time: '2026-01-31T12:01:00.000Z',
      correlationId: 'flow-of-e1',
      facts: [
        {
          id: 'again',
          type: 'ErrandAttempted',
          data: { round: 1, atMs: errands.clock.now() },
          causationId: 'e1',
          hops: 1,
        },
      ],
      causes: [],
    }),
  );

  expect(await errands.react({ e2: calledOff })).toEqual([expect.stringMatching(/^AttemptUnderWay/)]);

  expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted', 'ErrandAttempted']);
});

/*
 *     settler:              called off at 2 ✓ ── (too early) "it lapsed" at 3, with the cause of the same event ✓
 *     loser:   intent at 1 ── call ──────────────────────────────────── outcome at 2 ✗ ── load ── decide again: undo
 */
test('an outcome is not dropped even when its event was settled without it', async () => {
  const errands = new Errands();
  errands.outside.nextCalls(async () => {
    await errands.rival({ e2: calledOff })();
    await errands.store.inner.append({
      stream: 'errand#1',
      version: 3,
      time: '2026-01-31T12:00:00.000Z',
      correlationId: 'flow-of-e1',
      facts: [{ id: 'lapse', type: 'ErrandLapsed', data: null, causationId: 'e1', hops: 1 }],
      causes: [{ subscription: 'errands', eventId: 'e1' }],
    });
  });

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.told).toEqual(['ErrandAttempted', 'CallingOffNoted', 'ErrandLapsed', 'ErrandFinished ErrandUndone']);
  expect(errands.causes).toEqual([[], [], ['e1'], []]);
});
