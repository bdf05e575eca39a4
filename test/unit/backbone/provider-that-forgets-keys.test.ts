import { expect, test } from 'vitest';
import { InMemoryStandInMemory } from '../../../functions/backbone/in-memory-stand-in-memory.ts';
import { ManualClock } from '../../manual-clock.ts';

const DAY_MS = 24 * 3600_000;

function forgetful() {
  const clock = new ManualClock();
  return { clock, memory: new InMemoryStandInMemory<string>({ clock, afterMs: DAY_MS }) };
}

/*
 *     called, kept ─────── a day less 1 ms: the first result │ a day: acts anew
 */
test('a key that is called when it is forgotten is acted upon anew, and the ledger shows both', async () => {
  const { clock, memory } = forgetful();
  await memory.called('k');
  await memory.keep('k', 'first');

  clock.advance(DAY_MS - 1);
  expect(await memory.called('k')).toEqual({ times: 2, result: 'first' });
  expect(await memory.keep('k', 'second')).toBe('first');

  clock.advance(1);
  expect(await memory.called('k')).toEqual({ times: 1, result: undefined });
  expect(await memory.keep('k', 'second')).toBe('second');

  expect(memory.ledger).toEqual([
    { key: 'k', result: 'first' },
    { key: 'k', result: 'second' },
  ]);
});

test('a key is kept from its first call, whatever came of it', async () => {
  const { clock, memory } = forgetful();
  await memory.called('k');
  clock.advance(DAY_MS / 2);
  await memory.called('k');
  await memory.keep('k', 'first');

  clock.advance(DAY_MS / 2);

  expect(await memory.called('k')).toEqual({ times: 1, result: undefined });
});

test('who asks is told what was done first, however long ago', async () => {
  const { clock, memory } = forgetful();
  await memory.keep('k', 'first');
  clock.advance(10 * DAY_MS);
  expect(await memory.find('k')).toBe('first');

  await memory.keep('k', 'second');

  expect(await memory.find('k')).toBe('first');
});

test('what is done anew is remembered as long as the first', async () => {
  const { clock, memory } = forgetful();
  await memory.keep('k', 'first');
  clock.advance(DAY_MS);
  await memory.keep('k', 'second');

  clock.advance(DAY_MS - 1);

  expect(await memory.keep('k', 'third')).toBe('second');
  expect(memory.ledger).toHaveLength(2);
});

test('one that forgets nothing acts once, however late', async () => {
  const memory = new InMemoryStandInMemory<string>();
  await memory.keep('k', 'first');

  expect(await memory.keep('k', 'second')).toBe('first');

  expect(memory.ledger).toEqual([{ key: 'k', result: 'first' }]);
});
