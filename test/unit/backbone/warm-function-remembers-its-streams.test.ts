import { describe, expect, test } from 'vitest';
import { NO_OUTSIDE } from '../../../functions/backbone/outside.ts';
import { streams } from '../../../functions/backbone/stream-reactor.ts';
import { ManualClock } from '../../manual-clock.ts';
import { breakage, coin, jar, seal } from './jar-aggregate.ts';
import { Jars } from './jars.ts';
import { numberedIds } from './numbered-ids.ts';
import { received } from './received.ts';
import { ScriptedEventStore } from './scripted-event-store.ts';

test('a stream that it wrote is not read again', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', coin(1))]);
  jars.store.calls.length = 0;

  await warm.react([received('e2', coin(2))]);

  expect(jars.store.calls).toEqual(['append jar#1 at 2']);
});

test('a duplicate of what it wrote is known without a call', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', coin(1))]);
  jars.store.calls.length = 0;

  expect(await warm.react([received('e1', coin(1))])).toEqual(['done']);

  expect(jars.store.calls).toEqual([]);
});

/*
 *     warm:   append 1 ✓                  (remembers 1) append 2 ✗ ── load ── append 3 ✓
 *     rival:             load ── append 2 ✓
 */
test('when others wrote since, its write fails and it reads', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', coin(1))]);
  await jars.rival(received('e2', seal))();
  jars.store.calls.length = 0;

  await warm.react([received('e3', coin(3))]);

  expect(jars.store.calls).toEqual(['append jar#1 at 2', 'load jar#1', 'append jar#1 at 3']);
  expect(jars.store.told('jar#1')).toEqual(['CoinKept:1', 'SealNoted', '-']);
});

/*
 *     warm:   append 1 ✓        (remembers 1) e2 at 2 ✗ ── load: e2 is known          (remembers nothing) load ── e3 at 3 ✓
 *     rival:             e2 at 2 ✓
 */
test('what a lost race has shown to be old is not assumed again', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', coin(1))]);
  await jars.rival(received('e2', coin(2)))();
  await warm.react([received('e2', coin(2))]);
  jars.store.calls.length = 0;

  await warm.react([received('e3', coin(3))]);

  expect(jars.store.calls).toEqual(['load jar#1', 'append jar#1 at 3']);
});

describe('it remembers 500 streams', () => {
  const warm = () => {
    const store = new ScriptedEventStore();
    const ports = { store, clock: new ManualClock(), ids: numberedIds(), functionTimeoutMs: 30_000 };
    const jars = streams(jar, NO_OUTSIDE, ports);
    /** Puts a coin into each of these jars, and answers which of them were read. */
    const drop = async (event: string, ...names: readonly number[]): Promise<readonly string[]> => {
      store.calls.length = 0;
      for (const name of names) await Promise.all(jars.react(String(name), 'coins', [received(event, coin(1))], false));
      return store.calls.filter((call) => call.startsWith('load'));
    };
    return drop;
  };
  const first500 = Array.from({ length: 500 }, (_, n) => n + 1);

  test('and reads none of them again', async () => {
    const drop = warm();
    await drop('e1', ...first500);

    expect(await drop('e2', ...first500)).toEqual([]);
  });

  test('and forgets the one that it has not written for the longest time', async () => {
    const drop = warm();
    await drop('e1', ...first500);
    await drop('e2', 1, 501);

    expect(await drop('e3', 1, 3, 500, 501, 2)).toEqual(['load jar#2']);
  });
});

test('before deciding nothing it reads what it remembers', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', seal)]);
  jars.store.calls.length = 0;

  await warm.react([received('e2', coin(2))]);

  expect(jars.store.calls).toEqual(['load jar#1', 'append jar#1 at 2']);
});

test('before skipping it reads what it remembers', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', breakage)]);
  jars.store.calls.length = 0;

  await warm.react([received('e2', coin(2))]);

  expect(jars.store.calls).toEqual(['load jar#1']);
});

test('before refusing it reads what it remembers: somebody may have changed the answer', async () => {
  const jars = new Jars();
  const warm = jars.instance();
  await warm.react([received('e1', coin(1))]);
  await jars.rival(received('e2', breakage))();

  expect(await warm.react([received('e3', coin(-1))])).toEqual(['done']);
});
