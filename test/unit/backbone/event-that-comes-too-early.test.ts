import { expect, test } from 'vitest';
import { coin, coinFromPurse, seal, sealDue } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { received } from './received.ts';

const due = received('due', sealDue);
const tooEarly = 'NotYet: jar#1: SealDue comes too early: the jar is not sealed';

test('it fails, and leaves no trace', async () => {
  const jars = new Jars();

  expect(await jars.instance().react([due])).toEqual([tooEarly]);

  expect(jars.store.calls).toEqual(['load jar#1']);
  expect(jars.store.told('jar#1')).toEqual([]);
});

test('it is decided when it comes again and what it waits for has happened', async () => {
  const jars = new Jars();
  for (const _ of [1, 2, 3]) await jars.instance().react([due]);
  await jars.filledWith(received('e1', seal));

  expect(await jars.instance().react([due])).toEqual(['done']);

  expect(jars.store.causes('jar#1')).toEqual([['e1'], ['due']]);
});

test('it fails alone: those before and after it in the batch are committed', async () => {
  const jars = new Jars();

  const answers = await jars.instance().react([received('e1', coin(1)), due, received('e2', coin(2))]);

  expect(answers).toEqual(['done', tooEarly, 'done']);
  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1 CoinKept:2']);
  expect(jars.store.causes('jar#1')).toEqual([['e1', 'e2']]);
});

test('what it waits for may stand before it in the batch', async () => {
  const jars = new Jars();

  expect(await jars.instance().react([received('e1', seal), due])).toEqual(['done', 'done']);

  expect(jars.store.causes('jar#1')).toEqual([['e1', 'due']]);
});

test('behind one that goes alone it is decided on what that one wrote', async () => {
  const jars = new Jars();

  const answers = await jars.instance().react([received('e1', coinFromPurse(1)), due, received('e2', coin(2))]);

  expect(answers).toEqual(['done', tooEarly, 'done']);
  expect(jars.store.told('jar#1')).toEqual(['PurseFoundEmpty', 'CoinKept:2']);
});

test('before it is refused, what a warm function remembers is read again', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', coin(1))]);
  await jars.rival(received('e2', seal))();

  expect(await warm.react([due])).toEqual(['done']);
});

test('before it is refused, the stream that it was taken to open is read', async () => {
  const jars = new Jars();
  await jars.filledWith(received('e1', seal));

  expect(await jars.instance().react([due], { opens: true })).toEqual(['done']);
});

/*
 *     winner:              seal at 1 ✓
 *     loser:   load ── coin ─────────── at 1 ✗ ── load: sealed ── the coin and what was due are decided on that
 */
test('after a lost race it is decided on what the winner wrote', async () => {
  const jars = new Jars();
  jars.store.nextAppends(jars.rival(received('winner', seal)));

  const answers = await jars.instance().react([received('e1', coin(1)), received('e2', seal), due]);

  expect(answers).toEqual(['done', 'done', 'done']);
  expect(jars.store.causes('jar#1')).toEqual([['winner'], ['e1', 'e2', 'due']]);
});
