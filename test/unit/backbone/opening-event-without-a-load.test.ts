import { expect, test } from 'vitest';
import { coin, coinFromPurse, jar, seal } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

test('an event that opens its stream is committed at version 1 without reading first', async () => {
  const jars = new Jars();

  await jars.instance().react([received('e1', coin(5))], { opens: true });

  expect(jars.store.calls).toEqual(['append jar#1 at 1']);
});

test('when the stream is there already, the write tells, and the event is decided on what is there', async () => {
  const jars = new Jars();
  await jars.filledWith(received('old', seal));

  await jars.instance().react([received('e1', coin(5))], { opens: true });

  expect(jars.store.calls).toEqual(['append jar#1 at 1', 'load jar#1', 'append jar#1 at 2']);
  expect(jars.store.told('jar#1')).toEqual(['SealNoted', '-']);
});

test('a redelivery of the opening event finds its cause', async () => {
  const jars = new Jars();
  await jars.filledWith(received('e1', coin(5)));

  await jars.instance().react([received('e1', coin(5))], { opens: true });

  expect(jars.store.calls).toEqual(['append jar#1 at 1', 'load jar#1']);
  expect(jars.store.told('jar#1')).toEqual(['CoinKept:5']);
});

test.each([
  ['deciding nothing', coin(0), ['load jar#1', 'append jar#1 at 1']],
  ['refusing by an error', coin(-1), ['load jar#1']],
  ['refusing a fact that does not fit its schema', coin(1_000), ['load jar#1']],
])('before %s the stream is read', async (_, input, calls) => {
  const jars = new Jars();

  await jars.instance().react([received('e1', input)], { opens: true });

  expect(jars.store.calls).toEqual(calls);
});

test('before skipping the stream is read', async () => {
  const jars = new Jars({ ...jar, initialState: { coins: [], sealed: false, broken: true } });

  await jars.instance().react([received('e1', coin(1))], { opens: true });

  expect(jars.store.calls).toEqual(['load jar#1']);
});

test('counters that are found short with version 1 still free prove that the stream does not exist', async () => {
  const jars = new Jars();

  await jars.instance().react([received('e1', coinFromPurse(5))], { opens: true });

  expect(jars.store.calls).toEqual(['append jar#1 at 1 with purse', 'append jar#1 at 1']);
  expect(jars.store.told('jar#1')).toEqual(['PurseFoundEmpty']);
});
