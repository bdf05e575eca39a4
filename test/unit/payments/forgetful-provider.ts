import type { Clock } from '../../../functions/backbone/clock.ts';
import { NoAnswer } from '../../../functions/backbone/stand-in.ts';
import type { PaymentProvider, ProviderCall, ProviderOutcome } from '../../../functions/payments/provider.ts';

/** What happens to a call. */
export type Mishap =
  | 'none'
  | 'fails before it takes effect'
  | 'takes effect, and its answer is lost'
  /** It takes effect, and before its answer arrives somebody acts. */
  | (() => Promise<unknown>);

interface Entry {
  readonly key: string;
  readonly atMs: number;
  readonly outcome: ProviderOutcome;
  readonly amount: number;
}

/**
 * A provider as they are: it keeps keys for a day and its books forever. A key that comes later than that is a new call
 * to it. Declines `tok_declined`.
 */
export class ForgetfulProvider implements PaymentProvider {
  readonly keysKeptMs: number = 24 * 3600_000;
  /** Such as `perform pay-order-c1/charge/1`, `ask pay-order-c1/refund/1`. */
  readonly calls: string[] = [];
  readonly #clock: Clock;
  readonly #books: Entry[] = [];
  readonly #mishaps: Mishap[];

  constructor(clock: Clock, mishaps: readonly Mishap[]) {
    this.#clock = clock;
    this.#mishaps = [...mishaps];
  }

  /** One mishap for each of the next calls; all later ones go well. */
  nextCalls(...mishaps: readonly Mishap[]): void {
    this.#mishaps.push(...mishaps);
  }

  async perform(call: ProviderCall): Promise<ProviderOutcome> {
    this.calls.push(`perform ${call.key}`);
    const mishap = this.#mishaps.shift() ?? 'none';
    await Promise.resolve();
    if (mishap === 'fails before it takes effect') throw new NoAnswer('not done');
    const sinceMs = this.#clock.now() - this.keysKeptMs;
    const known = this.#books.find(({ key, atMs }) => key === call.key && atMs >= sinceMs);
    const outcome = known?.outcome ?? outcomeOf(call);
    if (known === undefined) this.#books.push({ key: call.key, atMs: this.#clock.now(), outcome, amount: call.amount });
    if (mishap === 'takes effect, and its answer is lost') throw new NoAnswer('done, but nobody was told');
    if (typeof mishap === 'function') await mishap();
    return outcome;
  }

  ask({ type, key }: ProviderCall): Promise<ProviderOutcome> {
    this.calls.push(`ask ${key}`);
    const found = this.#books.find((entry) => entry.key === key);
    const notFound: ProviderOutcome = { type: type === 'charge' ? 'ChargeNotFound' : 'RefundNotFound', data: null };
    return Promise.resolve(found?.outcome ?? notFound);
  }

  /** What was really taken, all calls together. */
  get taken(): number {
    return this.#sumOf('ChargeCaptured');
  }

  /** What was really given back. */
  get givenBack(): number {
    return this.#sumOf('RefundMade');
  }

  #sumOf(outcome: ProviderOutcome['type']): number {
    return this.#books.filter((entry) => entry.outcome.type === outcome).reduce((sum, { amount }) => sum + amount, 0);
  }
}

function outcomeOf(call: ProviderCall): ProviderOutcome {
  if (call.type === 'refund') return { type: 'RefundMade', data: null };
  return call.paymentMethod === 'tok_declined'
    ? { type: 'ChargeRefused', data: { reason: 'declined' } }
    : { type: 'ChargeCaptured', data: null };
}
