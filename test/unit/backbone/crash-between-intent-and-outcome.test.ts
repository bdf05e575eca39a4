import { expect, test } from 'vitest';
import { asked } from './errand-aggregate.ts';
import { Errands } from './errands.ts';

/*
 *     commit the intent ── call ── commit the outcome
 *                      ╳       ╳                     the event comes again, meets the open intent,
 *                                                    commits a new attempt and calls with the same key
 */
test.each(['fails before it takes effect', 'takes effect, and its answer is lost'] as const)(
  'when the call %s, the event fails, and its redelivery calls again with the same key',
  async (script) => {
    const errands = new Errands();
    errands.outside.nextCalls(script);

    expect(await errands.react({ e1: asked })).toEqual([expect.stringContaining('NoAnswer')]);
    expect(errands.told).toEqual(['ErrandAttempted']);
    errands.clock.advance(60_000);
    expect(await errands.react({ e1: asked })).toEqual(['done']);

    expect(errands.told).toEqual(['ErrandAttempted', 'ErrandAttempted', 'ErrandFinished']);
    expect(errands.outside.calls).toEqual(['perform errand/1', 'perform errand/1']);
    expect(errands.outside.run).toBe(1);
  },
);

test('when the outcome could not be committed, the redelivery gets the first answer', async () => {
  const errands = new Errands();
  errands.store.nextAppends('undisturbed', 'fails before it takes effect');

  expect(await errands.react({ e1: asked })).toEqual(['StoreFailure: not written']);
  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.outside.calls).toEqual(['perform errand/1', 'perform errand/1']);
  expect(errands.outside.run).toBe(1);
  expect(errands.data.at(-1)).toEqual({ receipt: 'receipt-1' });
});

test('when the outcome was committed without an answer, the redelivery calls nobody', async () => {
  const errands = new Errands();
  errands.store.nextAppends('undisturbed', 'takes effect, and its answer is lost');

  expect(await errands.react({ e1: asked })).toEqual(['StoreFailure: written, but nobody was told']);
  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.outside.calls).toEqual(['perform errand/1']);
});

/*
 *     e1: commit a new round's intent ╳ written, but nobody was told
 *     e2:                               must not ask about the old round: load, and meet the new one
 */
test('after an append whose answer was lost, the next event of the batch loads before anybody is asked', async () => {
  const errands = new Errands();
  errands.outside.nextCalls('fails before it takes effect');
  await errands.react({ e1: asked });
  errands.clock.advance(25 * 3600_000);
  errands.store.nextAppends('takes effect, and its answer is lost');

  expect(await errands.react({ e1: asked, e2: asked })).toEqual(['StoreFailure: written, but nobody was told', 'done']);

  expect(errands.outside.calls).toEqual(['perform errand/1', 'ask errand/1', 'perform errand/2']);
});

test('attempts are told apart by their versions', async () => {
  const errands = new Errands();
  errands.outside.nextCalls('fails before it takes effect', 'fails before it takes effect');

  for (const _ of [1, 2, 3]) await errands.react({ e1: asked });

  const attempts = errands.store.inner.commits('errand#1').filter(({ facts }) => facts[0]?.type === 'ErrandAttempted');
  expect(attempts.map(({ version }) => version)).toEqual([1, 2, 3]);
});
