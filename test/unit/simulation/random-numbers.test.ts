import { expect, test } from 'vitest';
import { uuidOf } from '../../simulation/hash.ts';
import { randomFrom } from '../../simulation/random.ts';

test('a seed gives the same numbers, another one others', () => {
  const ten = (seed: string | number) => {
    const random = randomFrom(seed);
    return Array.from({ length: 10 }, () => random.next());
  };

  expect(ten(1)).toEqual(ten(1));
  expect(ten(1)).toEqual(ten('1'));
  expect(ten(1)).not.toEqual(ten(2));
});

test('all numbers are as likely as the others', () => {
  const random = randomFrom('dice');
  const thrown = Array.from({ length: 6 }, () => 0);
  for (let n = 0; n < 60_000; n += 1) {
    const side = random.below(6);
    thrown[side] = (thrown[side] ?? 0) + 1;
  }

  // Four standard deviations of a fair die.
  for (const times of thrown) expect(Math.abs(times - 10_000)).toBeLessThan(4 * Math.sqrt(10_000 * (5 / 6)));
});

test('texts have different ids', () => {
  const ids = Array.from({ length: 20_000 }, (_, n) => uuidOf(`text ${n}`));

  expect(new Set(ids).size).toBe(20_000);
  // Of numbers of 32 bits, by chance next to none are the same.
  for (const from of [0, 28]) expect(new Set(ids.map((id) => id.slice(from, from + 8))).size).toBeGreaterThan(19_990);
});
