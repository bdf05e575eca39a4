import { expect, test } from 'vitest';
import { ATTEMPT_MARGIN_MS, KEY_MARGIN_MS } from '../../../functions/backbone/outside.ts';
import { asked, hurried } from './errand-aggregate.ts';
import { Errands, TIMEOUT_MS } from './errands.ts';

async function openIntent(script: 'fails before it takes effect' | 'takes effect, and its answer is lost') {
  const errands = new Errands();
  errands.outside.nextCalls(script);
  await errands.react({ e1: asked });
  errands.outside.calls.length = 0;
  return errands;
}

test('until shortly before the provider forgets the key, the call is repeated', async () => {
  const errands = await openIntent('takes effect, and its answer is lost');
  errands.clock.advance(errands.outside.keysKeptMs - KEY_MARGIN_MS - 1);

  await errands.react({ e1: asked });

  expect(errands.outside.calls).toEqual(['perform errand/1']);
});

test('after that it is asked about, never repeated', async () => {
  const errands = await openIntent('takes effect, and its answer is lost');
  errands.clock.advance(errands.outside.keysKeptMs - KEY_MARGIN_MS);

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.outside.calls).toEqual(['ask errand/1']);
  expect(errands.told).toEqual(['ErrandAttempted', 'ErrandFinished']);
});

test('when it did not happen, it is called anew under a key of its own', async () => {
  const errands = await openIntent('fails before it takes effect');
  errands.clock.advance(errands.outside.keysKeptMs);

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.outside.calls).toEqual(['ask errand/1', 'perform errand/2']);
  expect(errands.told).toEqual(['ErrandAttempted', 'ErrandLapsed ErrandAttempted', 'ErrandFinished']);
  expect(errands.outside.run).toBe(1);
});

test('what is learned with it is committed before anybody is asked', async () => {
  const errands = await openIntent('takes effect, and its answer is lost');
  errands.clock.advance(errands.outside.keysKeptMs);

  expect(await errands.react({ e2: hurried })).toEqual(['done']);

  expect(errands.outside.calls).toEqual(['ask errand/1']);
  expect(errands.told).toEqual(['ErrandAttempted', 'HurryNoted', 'ErrandFinished']);
  expect(errands.causes).toEqual([[], [], ['e2']]);
});

test('the memory is counted from the first attempt, not from the last', async () => {
  const errands = await openIntent('fails before it takes effect');
  errands.clock.advance(errands.outside.keysKeptMs / 2);
  errands.outside.nextCalls('takes effect, and its answer is lost');
  await errands.react({ e1: asked });
  errands.clock.advance(errands.outside.keysKeptMs / 2);

  await errands.react({ e1: asked });

  expect(errands.outside.calls).toEqual(['perform errand/1', 'ask errand/1']);
});

/*
 *     caller:    attempt just before the memory ends ── call still under way ───────── takes effect
 *     settler:                                      the memory has ended ── ask: not found, call anew?
 */
test('nobody is asked while the last attempt may be under way, or it would be run twice', async () => {
  const errands = await openIntent('fails before it takes effect');
  errands.clock.advance(errands.outside.keysKeptMs - KEY_MARGIN_MS - 1);
  errands.outside.nextCalls('fails before it takes effect');
  await errands.react({ e1: asked });
  errands.outside.calls.length = 0;
  errands.clock.advance(1);

  expect(await errands.react({ e1: asked })).toEqual([expect.stringContaining('AttemptUnderWay')]);
  expect(errands.outside.calls).toEqual([]);

  errands.clock.advance(TIMEOUT_MS + ATTEMPT_MARGIN_MS);
  expect(await errands.react({ e1: asked })).toEqual(['done']);
});
