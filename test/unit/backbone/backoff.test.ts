import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fullJitter, systemClock, timestamp } from '../../../functions/backbone/clock.ts';

test('a wait is random below a bound that doubles with each attempt, up to a cap', () => {
  const bounds = fc.record({ baseMs: fc.integer({ min: 1, max: 1_000 }), capMs: fc.integer({ min: 1, max: 60_000 }) });
  fc.assert(
    fc.property(fc.nat({ max: 2_000 }), bounds, (attempt, { baseMs, capMs }) => {
      const waitMs = fullJitter(attempt, { baseMs, capMs }, systemClock);
      expect(waitMs).toBeGreaterThanOrEqual(0);
      expect(waitMs).toBeLessThan(Math.min(capMs, baseMs * 2 ** attempt));
    }),
  );
});

test('those who collided once are spread over the whole bound', () => {
  const waits = Array.from({ length: 1_000 }, () => fullJitter(3, { baseMs: 10, capMs: 1_000 }, systemClock));

  expect(Math.min(...waits)).toBeLessThan(8);
  expect(Math.max(...waits)).toBeGreaterThan(72);
});

test('times are written in UTC with milliseconds', () => {
  expect(timestamp(Date.UTC(2026, 0, 31, 12))).toBe('2026-01-31T12:00:00.000Z');
});
