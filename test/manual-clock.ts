import type { Clock } from '../functions/backbone/clock.ts';

/** A clock that stands still until a test moves it. Whoever sleeps moves it, and does not wait. */
export class ManualClock implements Clock {
  /** How long each sleep was to last, in milliseconds. */
  readonly slept: number[] = [];
  #nowMs: number;

  /** @param start RFC 3339 */
  constructor(start = '2026-01-31T12:00:00.000Z') {
    this.#nowMs = Date.parse(start);
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    this.slept.push(ms);
    this.advance(ms);
    return Promise.resolve();
  }

  random(): number {
    return 0.5;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}
