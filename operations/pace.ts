import type { Clock } from '../functions/backbone/clock.ts';

/** What is due within so much time goes together: at 100 a second ten at a time, and at 10 a second one by one. */
const TOGETHER_MS = 100;

/** How much faster than the rate it may go to make up for a delay, and for how long a delay. */
const CATCH_UP = 1.06;
const MOST_BEHIND_MS = 10_000;

/** After so long it is looked whether to stop. */
const LONGEST_SLEEP_MS = 200;

/**
 * A rate that is kept: what is slow for a moment is made up for, but never by more than 6 % above the rate, so that over
 * any time both the mean and the peak are within 10 % of it.
 *
 *     rate 10/s   |  |  |  |  |--- delay ---| | | | | | |  |  |  |
 *                                             at most 10.6/s
 */
export class Pace {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  /** When the next one is due by the rate. */
  #dueMs: number;
  /** Before this it would be too fast, however late it is. */
  #earliestMs: number;

  /** @param perSecond more than 0 */
  constructor(perSecond: number, clock: Clock) {
    this.#clock = clock;
    this.#intervalMs = 1000 / perSecond;
    this.#dueMs = clock.now();
    this.#earliestMs = this.#dueMs;
  }

  /**
   * Waits until the next may go.
   *
   * @param most how many may go together
   * @param signal stops the waiting
   * @param whileWaiting called every now and then
   * @returns how many may go now, from 1 to `most`; 0 when it was stopped
   */
  async next(
    most: number,
    { signal, whileWaiting }: { signal?: AbortSignal; whileWaiting?: () => void } = {},
  ): Promise<number> {
    for (let waitMs = this.#waitMs(); waitMs > 0 && signal?.aborted !== true; waitMs = this.#waitMs()) {
      await this.#clock.sleep(Math.min(waitMs, LONGEST_SLEEP_MS));
      whileWaiting?.();
    }
    if (signal?.aborted === true) return 0;
    const nowMs = this.#clock.now();
    const count = Math.min(most, Math.max(1, Math.floor(TOGETHER_MS / this.#intervalMs)));
    this.#dueMs = Math.max(this.#dueMs, nowMs - MOST_BEHIND_MS) + count * this.#intervalMs;
    this.#earliestMs = nowMs + (count * this.#intervalMs) / CATCH_UP;
    return count;
  }

  #waitMs(): number {
    return Math.max(this.#dueMs, this.#earliestMs) - this.#clock.now();
  }
}
