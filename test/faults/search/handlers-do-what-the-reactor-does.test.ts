import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Course, OFTEN, type Option, SideBySide } from './side-by-side.ts';

const course: fc.Arbitrary<Course> = fc.record({
  cancellation: fc.boolean(),
  deaths: fc.constantFrom(2, OFTEN / 2, OFTEN),
  earlyEnds: fc.constantFrom(2, OFTEN / 4, OFTEN),
});

/** Each pick in millionths of all weights. */
const picks = fc.array(fc.noBias(fc.nat({ max: 999_999 })), { minLength: 90, maxLength: 90 });

function chosen(options: readonly Option[], pick: number): Option | undefined {
  let left = (pick / 1_000_000) * options.reduce((sum, { weight }) => sum + weight, 0);
  return options.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
}

test('whatever is done, an order of the model and one of the real consumers are alike after each step', async () => {
  const done = new Set<string>();
  await fc.assert(
    fc.asyncProperty(course, picks, async (course, picks) => {
      const both = new SideBySide(course);
      for (const pick of picks) {
        const option = chosen(both.options(), pick);
        if (option === undefined || both.isAtRest) break;
        await option.take();
        both.assertAlike();
        done.add(option.what);
      }
    }),
    { numRuns: 1000 },
  );

  const all = [...done].join('\n');
  for (const rare of ['NotFound in hand', 'RefundMade in hand', 'Dispatched in hand', 'dies', 'once more']) {
    expect(all).toContain(rare);
  }
});
