import { describe, expect, it } from 'vitest';
import { OperatorError } from '../../../operations/failure.ts';
import { formatDuration, isWithin, parseDuration, parseMoment } from '../../../operations/moment.ts';

const NOW = Date.parse('2026-01-31T12:00:00.000Z');

describe('a moment', () => {
  it.each([
    ['2026-01-30T08:15:30.500Z', '2026-01-30T08:15:30.500Z'],
    ['2026-01-30T08:15:30+02:00', '2026-01-30T06:15:30.000Z'],
    ['2026-01-30T08:15', '2026-01-30T08:15:00.000Z'],
    ['2026-01-30', '2026-01-30T00:00:00.000Z'],
    ['now', '2026-01-31T12:00:00.000Z'],
    ['90s', '2026-01-31T11:58:30.000Z'],
    ['15m', '2026-01-31T11:45:00.000Z'],
    ['1.5h', '2026-01-31T10:30:00.000Z'],
    ['3d', '2026-01-28T12:00:00.000Z'],
  ])('%s is %s', (text, expected) => {
    expect(new Date(parseMoment(text, NOW)).toISOString()).toBe(expected);
  });

  it.each(['', 'yesterday', '2026-13-01', '31.01.2026', '5', '5 years', '2026-01-30T'])('"%s" is none', (text) => {
    expect(() => parseMoment(text, NOW)).toThrow(OperatorError);
  });
});

describe('a length of time', () => {
  it.each([
    ['30s', 30_000],
    ['2 h', 7_200_000],
    ['0.5d', 43_200_000],
  ])('%s', (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each([
    [0, '0 ms'],
    [-5, '0 ms'],
    [340, '340 ms'],
    [1_000, '1 s'],
    [6_900, '6.9 s'],
    [59_700, '1 min'],
    [61_000, '1 min 1 s'],
    [3_600_000, '1 h'],
    [7_380_000, '2 h 3 min'],
    [93_784_000, '1 d 2 h'],
  ])('of %d ms is shown as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

it('both ends of a range lie in it, and an end that is not given is open', () => {
  const range = { sinceMs: 10, untilMs: 20 };
  expect([9, 10, 20, 21].map((ms) => isWithin(range, ms))).toEqual([false, true, true, false]);
  expect(isWithin({}, 0)).toBe(true);
  expect(isWithin({ sinceMs: 10 }, 1_000_000)).toBe(true);
});
