import { expect, test } from 'vitest';
import { asked, errand } from './errand-aggregate.ts';
import { Errands } from './errands.ts';

test('the intent is committed without the cause, then comes the call, then the outcome with the cause', async () => {
  const errands = new Errands();
  const order: string[] = [];
  errands.outside.nextCalls(() => Promise.resolve(order.push(`called after ${errands.told.join(', ')}`)));

  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(order).toEqual(['called after ErrandAttempted']);
  expect(errands.told).toEqual(['ErrandAttempted', 'ErrandFinished']);
  expect(errands.causes).toEqual([[], ['e1']]);
  expect(errands.store.calls).toEqual(['load errand#1', 'append errand#1 at 1', 'append errand#1 at 2']);
});

test('a duplicate of what is settled calls nobody', async () => {
  const errands = new Errands();

  await errands.react({ e1: asked });
  expect(await errands.react({ e1: asked })).toEqual(['done']);

  expect(errands.outside.calls).toEqual(['perform errand/1']);
  expect(errands.told).toEqual(['ErrandAttempted', 'ErrandFinished']);
});

test('nobody is called when the intent could not be committed', async () => {
  const errands = new Errands();
  errands.store.nextAppends('fails before it takes effect');

  expect(await errands.react({ e1: asked })).toEqual(['StoreFailure: not written']);

  expect(errands.outside.calls).toEqual([]);
});

test('nobody is called on the assumption that the stream does not exist', async () => {
  const errands = new Errands();

  await errands.react({ e1: asked }, { opens: true });

  expect(errands.store.calls[0]).toBe('load errand#1');
});

test('events of one batch are never committed together across a call', async () => {
  const errands = new Errands();
  const other = { type: 'ErrandAsked', data: null } as const;

  expect(await errands.react({ e1: asked, e2: other })).toEqual(['done', 'done']);

  expect(errands.told).toEqual(['ErrandAttempted', 'ErrandFinished', '-']);
  expect(errands.causes).toEqual([[], ['e1'], ['e2']]);
});

test('a decider that calls without end fails its event', async () => {
  const restless: typeof errand = {
    ...errand,
    decide: (state, input, at) =>
      errand.decide({ ...state, kind: 'idle' }, { ...input, type: 'ErrandAsked', data: null }, at),
  };
  const errands = new Errands(restless);

  expect(await errands.react({ e1: asked })).toEqual([
    'Error: errand#1: no end after 40 steps with ErrandAsked; its decider does not settle',
  ]);
  expect(errands.outside.calls).toHaveLength(40);
});
