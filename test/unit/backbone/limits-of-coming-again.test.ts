import { expect, test } from 'vitest';
import type { Failure } from '../../../functions/backbone/failure.ts';
import {
  backoffBound,
  DEFAULT_RETRY,
  type FailedMessage,
  recover,
} from '../../../functions/backbone/recoverability.ts';

const nowMs = Date.UTC(2026, 0, 31, 12);
const HOUR_MS = 3600_000;
const transient: Failure = { kind: 'transient' };
const muchLater: Failure = { kind: 'waiting', untilMs: nowMs + 48 * HOUR_MS };

const message = (about: Partial<FailedMessage> = {}): FailedMessage => ({
  past: { attempts: 0, waits: 0, sinceMs: undefined },
  sentMs: nowMs,
  isOrdered: false,
  ...about,
});

test('by default waits double from a second to five minutes, and after twenty attempts it is enough', () => {
  const failedAfter = (attempts: number) =>
    recover(transient, message({ past: { attempts, waits: 0, sinceMs: undefined } }), DEFAULT_RETRY, {
      nowMs,
      chance: 0,
    }).kind;

  expect([0, 1, 2, 7, 8, 9, 18].map((n) => backoffBound(n, DEFAULT_RETRY))).toEqual([1, 2, 4, 128, 256, 300, 300]);
  expect([failedAfter(18), failedAfter(19)]).toEqual(['retry', 'quarantine']);
});

test('a copy is held back for 15 minutes at most, and a message that keeps its place for 11 hours and 45 minutes', () => {
  expect(recover(muchLater, message(), DEFAULT_RETRY, { nowMs, chance: 0 })).toMatchObject({ seconds: 900 });
  expect(recover(muchLater, message({ isOrdered: true }), DEFAULT_RETRY, { nowMs, chance: 0 })).toMatchObject({
    seconds: 42_300,
  });
});

test('those who wait for the same time are spread over as many seconds as a first backoff', () => {
  const inAMinute: Failure = { kind: 'waiting', untilMs: nowMs + 60_000 };
  const policy = { ...DEFAULT_RETRY, baseSeconds: 10 };

  expect([0, 0.5, 0.99].map((chance) => recover(inAMinute, message(), policy, { nowMs, chance }))).toMatchObject([
    { seconds: 60 },
    { seconds: 65 },
    { seconds: 70 },
  ]);
});

/*
 *     sent ──────────────────────── now ── next attempt ── 15 minutes for it ──▶│ 4 days: SQS drops it
 */
test('an attempt that would end with its fourth day in the queue is not waited for', () => {
  const sentMs = nowMs + (1 + 900) * 1000 - 4 * 24 * HOUR_MS;
  const recovered = (sentMs: number) =>
    recover(transient, message({ sentMs }), DEFAULT_RETRY, { nowMs, chance: 0.999 });

  expect(recovered(sentMs)).toEqual({ kind: 'quarantine', reason: 'expiring' });
  expect(recovered(sentMs + 1)).toMatchObject({ kind: 'retry', seconds: 1 });
});
