import { describe, expect, test } from 'vitest';
import { type Clock, fullJitter, timestamp } from '../../functions/backbone/clock.ts';

/**
 * What every clock must do.
 *
 * @param name of the implementation
 * @param create called once for each test
 */
export function clockConformance(name: string, create: () => Clock): void {
  describe(`${name} tells and passes time`, () => timeOf(create));
}

/** How much earlier than asked a timer of Node may ring. */
const TIMER_MS = 1;

const READINGS = 1_000;

function timeOf(create: () => Clock): void {
  test('now is a moment that facts can carry', () => {
    expect(timestamp(create().now())).toMatch(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test('time does not go back', () => {
    const clock = create();
    const readings = Array.from({ length: READINGS }, () => clock.now());

    expect(readings).toEqual(readings.toSorted((one, other) => one - other));
  });

  test('who sleeps wakes when the time has passed', async () => {
    const clock = create();
    const before = clock.now();

    await clock.sleep(20);
    expect(clock.now() - before).toBeGreaterThanOrEqual(20 - TIMER_MS);

    await clock.sleep(30);
    expect(clock.now() - before).toBeGreaterThanOrEqual(50 - 2 * TIMER_MS);
  });

  test('a sleep of no time ends', async () => {
    const clock = create();

    await clock.sleep(0);
  });

  test('chance is at least 0 and less than 1, so that a wait with jitter stays below its bound', () => {
    const clock = create();
    const chances = Array.from({ length: READINGS }, () => clock.random());

    expect(chances.filter((chance) => !(chance >= 0 && chance < 1))).toEqual([]);
    expect(fullJitter(3, { baseMs: 10, capMs: 1_000 }, clock)).toBeLessThan(80);
  });
}
