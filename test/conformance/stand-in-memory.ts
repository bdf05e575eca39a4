import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { StandInMemory } from '../../functions/backbone/stand-in.ts';

/**
 * What every memory of a stand-in must do. Keys are each test's own, so that many runs can share one table.
 *
 * @param name of the implementation
 * @param create called once for each test
 */
export function standInMemoryConformance(name: string, create: () => StandInMemory<unknown>): void {
  describe(`${name} remembers calls and results`, () => memoryOf(create));
}

const MANY = 20;

function memoryOf(create: () => StandInMemory<unknown>): void {
  test('what was never called has no result', async () => {
    expect(await create().find(randomUUID())).toBeUndefined();
  });

  test('calls are counted by their key', async () => {
    const memory = create();
    const key = randomUUID();

    expect(await memory.called(key)).toEqual({ times: 1, result: undefined });
    expect(await memory.called(key)).toEqual({ times: 2, result: undefined });
    expect(await memory.called(`${key}0`)).toEqual({ times: 1, result: undefined });
  });

  test('of many calls at once, each has a number of its own', async () => {
    const memory = create();
    const key = randomUUID();

    const calls = await Promise.all(Array.from({ length: MANY }, () => memory.called(key)));

    const times = calls.map((call) => call.times).sort((one, other) => one - other);
    expect(times).toEqual(Array.from({ length: MANY }, (_, n) => n + 1));
  });

  test('a call alone leaves no result', async () => {
    const memory = create();
    const key = randomUUID();

    await memory.called(key);

    expect(await memory.find(key)).toBeUndefined();
  });

  test('a result is there as it was, as soon as it is kept', async () => {
    const memory = create();
    const key = randomUUID();
    const result = {
      call: { key, amount: Number.MAX_SAFE_INTEGER, method: 'zwölf 🪙', lines: [{ sku: 'mug', quantity: 2 }] },
      outcome: { type: 'ChargeCaptured', data: null },
    };
    await memory.called(key);

    expect(await memory.keep(key, result)).toStrictEqual(result);

    expect(await memory.find(key)).toStrictEqual(result);
    expect(await memory.called(key)).toStrictEqual({ times: 2, result });
    expect(await memory.find(`${key}0`)).toBeUndefined();
  });

  test('the first result stays, and who brings another is answered with it', async () => {
    const memory = create();
    const key = randomUUID();
    await memory.called(key);
    await memory.keep(key, 'first');

    expect(await memory.keep(key, 'second')).toBe('first');

    expect(await memory.find(key)).toBe('first');
    expect(await memory.called(key)).toEqual({ times: 2, result: 'first' });
  });

  test('of many results at once one is kept, and all are answered with it', async () => {
    const memory = create();
    const key = randomUUID();
    await memory.called(key);

    const answers = await Promise.all(Array.from({ length: MANY }, (_, n) => memory.keep(key, `result ${n}`)));

    expect(new Set(answers)).toEqual(new Set([await memory.find(key)]));
  });
}
