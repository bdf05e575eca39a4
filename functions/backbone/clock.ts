/** The only source of time, and of the chance that spreads waits over it: handlers, stores and tests share one. */
export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /** Resolves after `ms` milliseconds. */
  sleep(ms: number): Promise<void>;
  /** A number from 0 to below 1, for jitter. */
  random(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  random: () => Math.random(),
};

/** A moment as facts carry it: RFC 3339 in UTC with milliseconds, such as `2026-01-31T12:00:00.000Z`. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}

/**
 * How long to wait before trying again for the nth time: a random time below an exponentially growing bound, so that
 * those who collided once do not collide again.
 *
 * Source: "full jitter" in https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param attempt 0 for the first repetition
 * @param clock where the chance comes from
 */
export function fullJitter(
  attempt: number,
  { baseMs, capMs }: { baseMs: number; capMs: number },
  clock: Pick<Clock, 'random'>,
): number {
  return clock.random() * Math.min(capMs, baseMs * 2 ** attempt);
}
