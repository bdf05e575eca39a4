import type { OutsideCall } from './aggregate.ts';
import { timestamp } from './clock.ts';
import type { Fact } from './fact.ts';
import { Transient } from './failure.ts';

/** A service of the outside world that acts once for a key: a payment provider, a carrier. */
export interface Outside<Call extends OutsideCall, Outcome extends Fact> {
  /**
   * Does it, and answers the first result to every repetition with the same key.
   *
   * It has to end well before its function does: give its client time-outs, as `CLIENT` has them.
   *
   * @throws Error when the answer is not known: it may or may not have happened
   */
  readonly perform: (call: Call) => Promise<Outcome>;

  /** Tells what became of a call, and as an outcome too when nothing did. */
  readonly ask: (call: Call) => Promise<Outcome>;

  /** How long it remembers keys: an older call is asked about, never repeated. */
  readonly keysKeptMs: number;
}

/** For aggregates that call nobody: there is no call that could reach it. */
export const NO_OUTSIDE: Outside<never, never> = {
  perform: (call) => Promise.reject(new Error(`there is nobody to call for ${JSON.stringify(call)}`)),
  ask: (call) => Promise.reject(new Error(`there is nobody to ask about ${JSON.stringify(call)}`)),
  keysKeptMs: Number.POSITIVE_INFINITY,
};

/** Left of a provider's memory when we stop to rely on it: two clocks and a slow call lie between. */
export const KEY_MARGIN_MS = 15 * 60_000;

/** Beyond a function's time-out, when an attempt is taken for ended: clocks differ, and requests travel. */
export const ATTEMPT_MARGIN_MS = 60_000;

/** Somebody may still be calling: what became of it can be asked later, not now. */
export class AttemptUnderWay extends Transient {
  override readonly name = 'AttemptUnderWay';

  constructor(stream: string, call: OutsideCall, untilMs: number) {
    super(`${stream}: the call ${call.key} may be under way until ${timestamp(untilMs)}; try again then`, {
      retryAtMs: untilMs,
    });
  }
}
