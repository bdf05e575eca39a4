import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Pace } from '../../../operations/pace.ts';
import { ManualClock } from '../../manual-clock.ts';

/** A clock whose sleeps last longer than asked for, as those of any busy machine. */
class LateClock extends ManualClock {
  readonly #lateMs: () => number;

  constructor(lateMs: () => number) {
    super();
    this.#lateMs = lateMs;
  }

  override sleep(ms: number): Promise<void> {
    return super.sleep(ms + this.#lateMs());
  }
}

/** When each of `count` messages went, in milliseconds since the first. */
async function timesAt(
  perSecond: number,
  count: number,
  clock: ManualClock,
  workMs: () => number,
): Promise<readonly number[]> {
  const pace = new Pace(perSecond, clock);
  const times: number[] = [];
  while (times.length < count) {
    const together = await pace.next(Math.min(10, count - times.length));
    times.push(...Array<number>(together).fill(clock.now()));
    clock.advance(workMs());
  }
  return times.map((ms) => ms - (times[0] ?? 0));
}

const rates = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.2, max: 1, noNaN: true }));

it('keeps its rate within 10 %, however late it wakes and whatever a call takes', async () => {
  await fc.assert(
    fc.asyncProperty(rates, fc.infiniteStream(fc.integer({ min: 0, max: 2 })), async (perSecond, late) => {
      const next = () => late.next().value ?? 0;
      const count = Math.max(100, Math.ceil(perSecond * 3));
      const times = await timesAt(perSecond, count, new LateClock(next), next);
      const kept = ((count - 1) / (times.at(-1) ?? 0)) * 1000;

      expect(Math.abs(kept / perSecond - 1)).toBeLessThan(0.1);
    }),
    { numRuns: 50 },
  );
});

it('makes up for a delay without ever being more than 10 % too fast', async () => {
  const clock = new ManualClock();
  let work = 0;
  // The tenth call takes three seconds.
  const times = await timesAt(20, 400, clock, () => (++work === 10 ? 3_000 : 0));

  const busiest = Math.max(...times.map((from) => times.filter((ms) => ms >= from && ms < from + 1_000).length));
  expect(busiest).toBeLessThanOrEqual(22);
  expect((399 / (times.at(-1) ?? 0)) * 1000).toBeGreaterThan(18);
});

it('sends one by one at 10 a second, and ten together at 100', async () => {
  const clock = new ManualClock();
  const slow = new Pace(10, clock);
  expect([await slow.next(10), await slow.next(10)]).toEqual([1, 1]);
  expect(await new Pace(100, clock).next(10)).toBe(10);
  expect(await new Pace(Number.POSITIVE_INFINITY, clock).next(7)).toBe(7);
});

it('stops waiting when it is told to', async () => {
  const clock = new ManualClock();
  const pace = new Pace(0.01, clock);
  const interruption = new AbortController();
  await pace.next(1);

  const count = await pace.next(1, { signal: interruption.signal, whileWaiting: () => interruption.abort() });

  expect(count).toBe(0);
  expect(clock.slept).toHaveLength(1);
});
