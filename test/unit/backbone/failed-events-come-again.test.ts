import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../functions/backbone/failure.ts';
import {
  backoffBound,
  type FailedMessage,
  LONGEST_DELAY_SECONDS,
  LONGEST_RETRY_SECONDS,
  type Past,
  type RetryPolicy,
  recover,
  SOURCE_RETENTION_SECONDS,
} from '../../../functions/backbone/recoverability.ts';

const policy: RetryPolicy = { baseSeconds: 2, capSeconds: 100, attempts: 5 };
const nowMs = Date.UTC(2026, 0, 31, 12);
const FRESH: Past = { attempts: 0, waits: 0, sinceMs: undefined };

const message = (past: Partial<Past> = {}, more: Partial<FailedMessage> = {}): FailedMessage => ({
  past: { ...FRESH, ...past },
  sentMs: nowMs - 1_000,
  isOrdered: false,
  ...more,
});
const at = (chance: number) => ({ nowMs, chance });
const transient: Failure = { kind: 'transient' };
const throttled: Failure = { kind: 'throttled' };
const waiting = (seconds: number): Failure => ({ kind: 'waiting', untilMs: nowMs + seconds * 1000 });

describe('what is hopeless', () => {
  test.each([0, 3, 50])('is put aside at once, after %i attempts', (attempts) => {
    expect(recover({ kind: 'permanent', reason: 'invalid' }, message({ attempts }), policy, at(0.5))).toEqual({
      kind: 'quarantine',
      reason: 'invalid',
    });
  });
});

describe.each(['transient', 'unexpected'] as const)('a failure that is %s', (kind) => {
  test('comes again after a time below a bound that doubles', () => {
    const waits = [0, 1, 2, 3].map((attempts) => recover({ kind }, message({ attempts }), policy, at(0.5)));

    expect(waits).toEqual(
      [1, 2, 4, 8].map((seconds, n) => ({
        kind: 'retry',
        seconds,
        past: { attempts: n + 1, waits: 0, sinceMs: nowMs },
      })),
    );
  });

  test('is put aside when its attempts are used up', () => {
    expect(recover({ kind }, message({ attempts: 4 }), policy, at(0.5))).toEqual({
      kind: 'quarantine',
      reason: `${kind}_failure`,
    });
  });

  test('keeps the time of its first failure', () => {
    const sinceMs = nowMs - 60_000;

    expect(recover({ kind }, message({ attempts: 1, sinceMs }), policy, at(0))).toMatchObject({ past: { sinceMs } });
  });
});

describe('what is throttled', () => {
  test('uses up no attempt, and comes again as a copy that knows its past', () => {
    expect(recover(throttled, message({ attempts: 4, waits: 2 }), policy, at(0.5))).toEqual({
      kind: 'sendAgain',
      seconds: 4,
      past: { attempts: 4, waits: 3, sinceMs: nowMs },
    });
  });

  test('comes again more and more slowly, and within what SQS can hold a message back', () => {
    const slow = { ...policy, capSeconds: 43_200 };
    const seconds = [0, 3, 6, 9, 12, 99].map((waits) => {
      const recovery = recover(throttled, message({ waits }), slow, at(0.5));
      return recovery.kind === 'sendAgain' ? recovery.seconds : recovery.kind;
    });

    expect(seconds).toEqual([1, 8, 64, 512, 900, 900]);
  });

  test('keeps its place in a FIFO queue', () => {
    expect(recover(throttled, message({ waits: 1 }, { isOrdered: true }), policy, at(0.5))).toEqual({
      kind: 'retry',
      seconds: 2,
      past: { attempts: 0, waits: 2, sinceMs: nowMs },
    });
  });

  test('is never put aside for it, however often, while its queue keeps it', () => {
    const storms = fc.record({
      attempts: fc.nat({ max: 4 }),
      waits: fc.nat({ max: 100_000 }),
      sinceMs: fc.integer({ min: nowMs - (SOURCE_RETENTION_SECONDS - 2 * LONGEST_DELAY_SECONDS) * 1000, max: nowMs }),
    });
    fc.assert(
      fc.property(storms, fc.double({ min: 0, max: 0.999, noNaN: true }), (past, chance) => {
        expect(recover(throttled, message(past), policy, at(chance)).kind).toBe('sendAgain');
      }),
    );
  });
});

describe('what waits for a known time', () => {
  test('comes again at that time, spread over the base, and uses up no attempt', () => {
    expect(recover(waiting(70), message({ attempts: 4 }), policy, at(0.5))).toEqual({
      kind: 'sendAgain',
      seconds: 71,
      past: { attempts: 4, waits: 1, sinceMs: nowMs },
    });
  });

  test('comes again at once when that time is past', () => {
    expect(recover(waiting(-70), message(), policy, at(0.5))).toMatchObject({ seconds: 0 });
  });

  test('comes again to ask, when it is farther away than SQS can hold a message back', () => {
    expect(recover(waiting(100_000), message(), policy, at(0))).toMatchObject({ seconds: LONGEST_DELAY_SECONDS });
    expect(recover(waiting(100_000), message({}, { isOrdered: true }), policy, at(0))).toMatchObject({
      kind: 'retry',
      seconds: LONGEST_RETRY_SECONDS,
    });
  });
});

describe('what its queue would forget', () => {
  const almostMs = nowMs - (SOURCE_RETENTION_SECONDS - 60) * 1000;

  test.each([transient, throttled, waiting(70)])('is put aside before: $kind', (failure) => {
    const old = message({}, { sentMs: almostMs });

    expect(recover(failure, old, policy, at(0.5))).toEqual({ kind: 'quarantine', reason: 'expiring' });
  });

  test('is put aside too when only its copies are young', () => {
    const circling = message({ waits: 500, sinceMs: almostMs });

    expect(recover(throttled, circling, policy, at(0.5))).toEqual({ kind: 'quarantine', reason: 'expiring' });
  });
});

const anyPolicy = fc.record({
  baseSeconds: fc.integer({ min: 1, max: 3_600 }),
  capSeconds: fc.integer({ min: 3_600, max: 43_200 }),
  attempts: fc.integer({ min: 2, max: 200 }),
});

test('every wait is whole seconds, within its bound and what SQS takes', () => {
  const failures = fc.oneof(
    fc.constant(transient),
    fc.constant(throttled),
    fc.integer({ min: -1_000, max: 1_000_000 }).map(waiting),
  );
  const chance = fc.double({ min: 0, max: 0.999_999, noNaN: true });
  fc.assert(
    fc.property(
      anyPolicy,
      failures,
      fc.nat({ max: 3_000 }),
      fc.boolean(),
      chance,
      (policy, failure, n, isOrdered, chance) => {
        const past = { attempts: n % policy.attempts, waits: n };
        const recovery = recover(failure, message(past, { isOrdered }), policy, at(chance));
        if (recovery.kind === 'quarantine') return;
        const most = recovery.kind === 'sendAgain' ? LONGEST_DELAY_SECONDS : LONGEST_RETRY_SECONDS;
        expect(Number.isInteger(recovery.seconds)).toBe(true);
        expect(recovery.seconds).toBeGreaterThanOrEqual(0);
        expect(recovery.seconds).toBeLessThanOrEqual(most);
        if (failure.kind === 'transient') {
          expect(recovery.seconds).toBeLessThanOrEqual(backoffBound(past.attempts, policy));
        }
      },
    ),
  );
});

test('bounds never fall, and end at the cap', () => {
  fc.assert(
    fc.property(anyPolicy, fc.nat({ max: 2_000 }), (policy, n) => {
      expect(backoffBound(n + 1, policy)).toBeGreaterThanOrEqual(backoffBound(n, policy));
      expect(backoffBound(n, policy)).toBeLessThanOrEqual(Math.min(policy.capSeconds, LONGEST_RETRY_SECONDS));
    }),
  );
  expect(backoffBound(6, policy)).toBe(100);
});

test('waits are spread evenly over their bound', () => {
  const bound = backoffBound(4, policy);
  const waits = Array.from({ length: 10_000 }, (_, n) => {
    const recovery = recover(transient, message({ attempts: 4 }), { ...policy, attempts: 9 }, at(n / 10_000));
    return recovery.kind === 'retry' ? recovery.seconds : Number.NaN;
  });
  const mean = waits.reduce((sum, seconds) => sum + seconds, 0) / waits.length;

  expect(Math.min(...waits)).toBe(0);
  expect(Math.max(...waits)).toBe(bound);
  expect(mean).toBeCloseTo(bound / 2, 1);
  expect(new Set(waits).size).toBe(bound + 1);
});
