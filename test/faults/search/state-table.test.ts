import fc from 'fast-check';
import { expect, test } from 'vitest';
import { StateTable } from './state-table.ts';

const keys = fc.array(fc.oneof(fc.nat({ max: 50 }), fc.maxSafeNat()), { size: 'large', maxLength: 5_000 });

test('a table holds each state once, in the order of finding, with where it was found first', () => {
  fc.assert(
    fc.property(keys, (keys) => {
      const table = new StateTable();
      for (const [parent, key] of keys.entries()) table.add(key, parent);

      const found = [...new Set(keys)];
      expect(Array.from({ length: table.size }, (_, place) => table.key(place))).toEqual(found);
      expect(found.map((key) => table.placeOf(key))).toEqual([...found.keys()]);
      expect(found.map((_, place) => table.parent(place))).toEqual(found.map((key) => keys.indexOf(key)));
      expect(table.placeOf(Number.MAX_SAFE_INTEGER - 1)).toBe(found.indexOf(Number.MAX_SAFE_INTEGER - 1));
    }),
    { numRuns: 30 },
  );
});

test('a table grows', () => {
  const table = new StateTable();
  for (let key = 0; key < 300_000; key += 1) table.add(key * 2 ** 30, key - 1);

  expect(table.size).toBe(300_000);
  expect(table.placeOf(299_999 * 2 ** 30)).toBe(299_999);
  expect(table.placeOf(1)).toBe(-1);
});
