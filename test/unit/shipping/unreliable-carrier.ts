import type { Clock } from '../../../functions/backbone/clock.ts';
import { InMemoryStandInMemory } from '../../../functions/backbone/in-memory-stand-in-memory.ts';
import { NoAnswer } from '../../../functions/backbone/stand-in.ts';
import type { Carrier, CarrierOutcome, Dispatch } from '../../../functions/shipping/carrier.ts';
import { type CarrierRecord, carrierStandIn } from '../../../functions/shipping/carrier-stand-in.ts';

/** What happens to a call. */
export type Mishap =
  | 'none'
  | 'fails before it takes effect'
  | 'takes effect, and its answer is lost'
  /** It takes effect, and before its answer arrives somebody acts. */
  | (() => Promise<unknown>);

const KEYS_KEPT_MS = 24 * 3600_000;

/** The built-in carrier, with a memory for keys of a day and books for ever, and calls that a test may disturb. */
export class UnreliableCarrier implements Carrier {
  readonly keysKeptMs: number = KEYS_KEPT_MS;
  /** Such as `perform ship-order-c1/dispatch/1`, `ask ship-order-c1/dispatch/1`. */
  readonly calls: string[] = [];
  readonly #memory: InMemoryStandInMemory<CarrierRecord>;
  readonly #carrier: Carrier;
  readonly #mishaps: Mishap[] = [];

  constructor(clock: Pick<Clock, 'now'>) {
    this.#memory = new InMemoryStandInMemory({ clock, afterMs: KEYS_KEPT_MS });
    this.#carrier = carrierStandIn(this.#memory);
  }

  /** One mishap for each of the next calls; all later ones go well. */
  nextCalls(...mishaps: readonly Mishap[]): void {
    this.#mishaps.push(...mishaps);
  }

  /** How many parcels really went. */
  get parcels(): number {
    return this.#memory.ledger.filter(({ result }) => result.outcome.type === 'Dispatched').length;
  }

  async perform(call: Dispatch): Promise<CarrierOutcome> {
    this.calls.push(`perform ${call.key}`);
    const mishap = this.#mishaps.shift() ?? 'none';
    if (mishap === 'fails before it takes effect') throw new NoAnswer('not done');
    const outcome = await this.#carrier.perform(call);
    if (mishap === 'takes effect, and its answer is lost') throw new NoAnswer('done, but nobody was told');
    if (typeof mishap === 'function') await mishap();
    return outcome;
  }

  async ask(call: Dispatch): Promise<CarrierOutcome> {
    this.calls.push(`ask ${call.key}`);
    return await this.#carrier.ask(call);
  }
}
