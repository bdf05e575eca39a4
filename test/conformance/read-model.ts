import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ItemUpdate, ReadModel, Value } from '../../functions/backbone/read-model.ts';

/** A read model together with a way to look into it. */
export interface ReadableModel {
  readonly model: ReadModel;
  /** An item's fields without its key, strongly consistent; nothing when there is no such item. */
  readonly item: (id: string) => Promise<Readonly<Record<string, Value>> | undefined>;
}

/**
 * What every read model must do. Items get ids of their own in each test, so that many runs can share one table.
 *
 * @param name of the implementation
 * @param create answers a read model; called once for each test
 * @param runs how many random orders are tried
 */
export function readModelConformance(
  name: string,
  create: () => ReadableModel | Promise<ReadableModel>,
  { runs = 50 }: { readonly runs?: number } = {},
): void {
  describe(`${name} keeps items`, () => itemsOf(create, runs));
}

const unique = () => `item-${randomUUID()}`;
const member = (key: string, value: Value = key) => ({ member: { key, value } });
const newest = (sequence: number) => ({
  newest: { sequence, fields: { status: `status-${sequence}`, size: sequence } },
});

function itemsOf(create: () => ReadableModel | Promise<ReadableModel>, runs: number): void {
  test('an item that nobody wrote is not there', async () => {
    const { item } = await create();

    expect(await item(unique())).toBeUndefined();
  });

  test('an update that says nothing leaves no item', async () => {
    const { model, item } = await create();
    const id = unique();

    await model.apply({ id, once: { owner: undefined } });

    expect(await item(id)).toBeUndefined();
  });

  test('all parts of an update are there', async () => {
    const { model, item } = await create();
    const id = unique();
    const once = { owner: 'ann', colour: undefined, lines: [{ sku: 'mug', quantity: 2 ** 53 - 1 }], none: null };

    await model.apply({ id, once, ...member('fact#1', { type: 'T', note: 'zwölf 🪙' }), ...newest(3) });

    expect(await item(id)).toEqual({
      owner: 'ann',
      lines: [{ sku: 'mug', quantity: 2 ** 53 - 1 }],
      none: null,
      'fact#1': { type: 'T', note: 'zwölf 🪙' },
      status: 'status-3',
      size: 3,
      newest: 3,
    });
  });

  test('a field may have any name', async () => {
    const { model, item } = await create();
    const id = unique();
    const once = { status: 1, time: 2, 'a.b': 3, 'a[0]': 4, '#f0': 5, ':f0': 6, 'with space': 7, size: 8 };

    await model.apply({ id, once });

    expect(await item(id)).toEqual(once);
  });

  test('what is written once stays, also when it is null', async () => {
    const { model, item } = await create();
    const id = unique();

    await model.apply({ id, once: { owner: 'ann', colour: null } });
    await model.apply({ id, once: { owner: 'bob', colour: 'red', size: 1 } });

    expect(await item(id)).toEqual({ owner: 'ann', colour: null, size: 1 });
  });

  test('the newest wins, and an older one changes nothing of it', async () => {
    const { model, item } = await create();
    const id = unique();

    for (const sequence of [2, 1, 3, 3, 2]) await model.apply({ id, ...newest(sequence) });

    expect(await item(id)).toEqual({ status: 'status-3', size: 3, newest: 3 });
  });

  test('what an older one says beside that still counts', async () => {
    const { model, item } = await create();
    const id = unique();
    await model.apply({ id, ...newest(2) });

    await model.apply({ id, once: { owner: 'ann' }, ...member('fact#1'), ...newest(1) });

    expect(await item(id)).toEqual({ status: 'status-2', size: 2, newest: 2, owner: 'ann', 'fact#1': 'fact#1' });
  });

  const updates: readonly Omit<ItemUpdate, 'id'>[] = [
    { once: { owner: 'ann', colour: 'red' }, ...member('fact#1'), ...newest(1) },
    { once: { owner: 'ann' }, ...member('fact#2'), ...newest(2) },
    { ...member('fact#3'), ...newest(3) },
    member('fact#4'),
    { once: { size2: 4 }, ...member('fact#5') },
  ];
  const end = {
    owner: 'ann',
    colour: 'red',
    size2: 4,
    status: 'status-3',
    size: 3,
    newest: 3,
    ...Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`fact#${n}`, `fact#${n}`])),
  };
  const anyOrder = fc
    .array(fc.nat({ max: updates.length - 1 }), { maxLength: 5 })
    .chain((again) => fc.shuffledSubarray([...updates.keys(), ...again], { minLength: updates.length + again.length }));

  test('any order of arrival, and any number of arrivals, ends in the same item', async () => {
    const { model, item } = await create();
    await fc.assert(
      fc.asyncProperty(anyOrder, async (order) => {
        const id = unique();
        for (const n of order) await model.apply({ id, ...updates[n] });
        expect(await item(id)).toEqual(end);
      }),
      { numRuns: runs },
    );
  });

  test('updates at the same time end in the same item', async () => {
    const { model, item } = await create();
    await fc.assert(
      fc.asyncProperty(anyOrder, async (order) => {
        const id = unique();
        await Promise.all(order.map((n) => model.apply({ id, ...updates[n] })));
        expect(await item(id)).toEqual(end);
      }),
      { numRuns: runs },
    );
  });
}
