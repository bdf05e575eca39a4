import { wrongUse } from './failure.ts';

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * A length of time as people type it.
 *
 * @returns milliseconds
 * @throws OperatorError when it is none
 * @example parseDuration('90m') // 5_400_000
 */
export function parseDuration(text: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?)\s*([smhd])$/.exec(text.trim()) ?? [];
  const each = UNITS_MS[unit];
  if (count === undefined || each === undefined) {
    throw wrongUse(`"${text}" is no length of time; give a number and a unit, such as 30s, 15m, 2h or 3d.`);
  }
  return Number(count) * each;
}

/**
 * A moment as people type it: RFC 3339 (without a zone it is UTC), a day (its beginning, in UTC), `now`, or a length of
 * time, which is that long ago.
 *
 * @returns milliseconds since 1970
 * @throws OperatorError when it is none
 * @example parseMoment('2h', Date.now()) // two hours ago
 */
export function parseMoment(text: string, nowMs: number): number {
  const given = text.trim();
  if (given === 'now') return nowMs;
  if (/^\d+(\.\d+)?\s*[smhd]$/.test(given)) return nowMs - parseDuration(given);
  const hasZone = /(Z|[+-]\d\d:\d\d)$/.test(given);
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(given);
  const ms = isTime ? Date.parse(given.includes('T') && !hasZone ? `${given}Z` : given) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw wrongUse(
      `"${text}" is no time; give 2026-01-31T12:00:00Z, 2026-01-31 (its beginning in UTC), now, or how long ago: 15m, 2h, 3d.`,
    );
  }
  return ms;
}

/** A range of time, both ends in it, in milliseconds since 1970; an end that is not given is open. */
export interface TimeRange {
  readonly sinceMs?: number;
  readonly untilMs?: number;
}

/** Whether a moment lies in a range. */
export function isWithin({ sinceMs, untilMs }: TimeRange, ms: number): boolean {
  return ms >= (sinceMs ?? Number.NEGATIVE_INFINITY) && ms <= (untilMs ?? Number.POSITIVE_INFINITY);
}

/**
 * A length of time for people, in its two largest units.
 *
 * @example formatDuration(93_784_000) // '1 d 2 h'
 */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return `${Math.round(Math.max(0, ms))} ms`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 9.95 ? trim(seconds.toFixed(1)) : whole} s`;
  const [d, h, m, s] = [
    Math.floor(whole / 86_400),
    Math.floor((whole % 86_400) / 3600),
    Math.floor((whole % 3600) / 60),
    whole % 60,
  ];
  const [large, small] =
    d > 0 ? [`${d} d`, h && `${h} h`] : h > 0 ? [`${h} h`, m && `${m} min`] : [`${m} min`, s && `${s} s`];
  return small ? `${large} ${small}` : large;
}

function trim(decimal: string): string {
  return decimal.replace(/\.0$/, '');
}
