import type { Failure, PermanentReason } from './failure.ts';

/** How a subscription's failed events come again. */
export interface RetryPolicy {
  /** The bound of the first wait; each further one is twice as long. */
  readonly baseSeconds: number;
  /** No wait is longer. */
  readonly capSeconds: number;
  /** After so many failed attempts an event goes to the dead-letter queue. */
  readonly attempts: number;
}

export const DEFAULT_RETRY: RetryPolicy = { baseSeconds: 1, capSeconds: 300, attempts: 20 };

/** How long a source queue keeps a message before SQS drops it without a word. */
export const SOURCE_RETENTION_SECONDS = 4 * 24 * 3600;

/**
 * SQS counts its 12 hours from the receipt of a message, of which a function may have used up 15 minutes.
 *
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
 */
export const LONGEST_RETRY_SECONDS = 12 * 3600 - 15 * 60;

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
export const LONGEST_DELAY_SECONDS = 15 * 60;

/** What happened to a message before. */
export interface Past {
  /** Attempts that failed. */
  readonly attempts: number;
  /** How often it was put off without an attempt: throttled, or to wait for a known time. */
  readonly waits: number;
  /** When it first failed or was put off, in milliseconds since 1970; nothing before it did. */
  readonly sinceMs: number | undefined;
}

/** A message that failed just now. */
export interface FailedMessage {
  readonly past: Past;
  /** When it was sent to its queue, in milliseconds since 1970. */
  readonly sentMs: number;
  /** In a FIFO queue it keeps its place: it cannot be sent again. */
  readonly isOrdered: boolean;
}

/** Why a message is in the dead-letter queue, when its consumer put it there. */
export type DeadLetterReason =
  | PermanentReason
  /** Its attempts are used up. */
  | 'transient_failure'
  | 'unexpected_failure'
  /** It was put off for as long as its queue keeps a message, and would be lost. */
  | 'expiring';

/** What becomes of a failed message. */
export type Recovery =
  /** It stays in the queue, unseen for `seconds`. */
  | { readonly kind: 'retry'; readonly seconds: number; readonly past: Past }
  /** A copy takes its place, with a receive count of its own. */
  | { readonly kind: 'sendAgain'; readonly seconds: number; readonly past: Past }
  | { readonly kind: 'quarantine'; readonly reason: DeadLetterReason };

/**
 * Decides what becomes of a failed message:
 *
 *     permanent ──────────────────────────────▶ dead-letter queue
 *     transient, unexpected ─ attempts left? ─▶ again, after min(cap, base × 2ⁿ) × chance
 *                                   └─ no ────▶ dead-letter queue
 *     throttled, waiting ─────────────────────▶ again, after as much or at its time; not an attempt
 *
 * SQS counts what it delivers, throttles included. Where order does not matter, what is put off therefore leaves as a
 * copy that carries its past and is counted anew; in a FIFO queue it has to keep its place, and the queue's own limit on
 * receipts is that much higher.
 *
 * @param at the time in milliseconds since 1970, and the chance that spreads waits: from 0 to below 1
 */
export function recover(
  failure: Failure,
  { past, sentMs, isOrdered }: FailedMessage,
  policy: RetryPolicy,
  at: { readonly nowMs: number; readonly chance: number },
): Recovery {
  const sinceMs = past.sinceMs ?? at.nowMs;
  const expiresMs = Math.min(sentMs, sinceMs) + SOURCE_RETENTION_SECONDS * 1000;
  const within = (recovery: Extract<Recovery, { seconds: number }>): Recovery => {
    const isLate = at.nowMs + (recovery.seconds + LONGEST_DELAY_SECONDS) * 1000 >= expiresMs;
    return isLate ? { kind: 'quarantine', reason: 'expiring' } : recovery;
  };
  switch (failure.kind) {
    case 'permanent':
      return { kind: 'quarantine', reason: failure.reason };
    case 'transient':
    case 'unexpected': {
      const attempts = past.attempts + 1;
      if (attempts >= policy.attempts) return { kind: 'quarantine', reason: `${failure.kind}_failure` };
      const seconds = backoffSeconds(past.attempts, policy, at.chance);
      return within({ kind: 'retry', seconds, past: { ...past, attempts, sinceMs } });
    }
    case 'throttled':
    case 'waiting': {
      const seconds =
        failure.kind === 'throttled'
          ? backoffSeconds(past.waits, policy, at.chance)
          : // Those who wait for the same time do not come all at once.
            Math.max(0, Math.ceil((failure.untilMs - at.nowMs) / 1000 + at.chance * policy.baseSeconds));
      const after = { ...past, waits: past.waits + 1, sinceMs };
      if (isOrdered) return within({ kind: 'retry', seconds: Math.min(seconds, LONGEST_RETRY_SECONDS), past: after });
      return within({ kind: 'sendAgain', seconds: Math.min(seconds, LONGEST_DELAY_SECONDS), past: after });
    }
  }
}

/**
 * The bound below which the wait after the nth failure lies, in seconds.
 *
 * @param n 0 for the first
 */
export function backoffBound(n: number, { baseSeconds, capSeconds }: RetryPolicy): number {
  return Math.min(capSeconds, baseSeconds * 2 ** n, LONGEST_RETRY_SECONDS);
}

/** Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
function backoffSeconds(n: number, policy: RetryPolicy, chance: number): number {
  // SQS takes whole seconds: rounded rather than cut off, so that the mean stays half of the bound.
  return Math.round(chance * backoffBound(n, policy));
}
