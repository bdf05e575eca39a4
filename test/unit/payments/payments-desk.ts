import type { Received } from '../../../functions/backbone/envelope.ts';
import type { EventStore } from '../../../functions/backbone/event-store.ts';
import { paymentsConsumer } from '../../../functions/payments/consumer.ts';
import type { PaymentInput } from '../../../functions/payments/decider.ts';
import { ManualClock } from '../../manual-clock.ts';
import { invocation } from '../backbone/invocation.ts';
import { numberedIds } from '../backbone/numbered-ids.ts';
import { type AppendScript, ScriptedEventStore } from '../backbone/scripted-event-store.ts';
import { ForgetfulProvider, type Mishap } from './forgetful-provider.ts';

/** A fact as the payments context receives it. */
export type PaymentEvent = Received<PaymentInput>;

/** How long an instance of the function may run. */
export const TIMEOUT_MS = 30_000;

/** The payments context with a provider that forgets, on a store in memory. */
export class PaymentsDesk {
  readonly store = new ScriptedEventStore();
  readonly clock = new ManualClock();
  readonly provider: ForgetfulProvider;
  readonly #ids = numberedIds('fact');

  constructor({ calls = [], appends = [] }: { calls?: readonly Mishap[]; appends?: readonly AppendScript[] } = {}) {
    this.provider = new ForgetfulProvider(this.clock, calls);
    this.store.nextAppends(...appends);
  }

  /** Lets a cold instance handle a batch; answers for each event `done`, or the error's name and message. */
  async handle(...events: readonly PaymentEvent[]): Promise<string[]> {
    return await this.#handle(this.store, events);
  }

  /** Another instance that handles a batch behind the back of the scripted store. */
  rival(...events: readonly PaymentEvent[]): () => Promise<string[]> {
    return () => this.#handle(this.store.inner, events);
  }

  /**
   * Lets instances handle batches, all of one round at a time, and hands over what failed until nothing fails.
   *
   * @param waits between two turns, in milliseconds; later ones are long enough for every attempt to have ended
   */
  async settle(rounds: readonly (readonly PaymentEvent[][])[], waits: readonly number[]): Promise<void> {
    const pending = [...waits];
    let failed: PaymentEvent[] = [];
    for (const round of rounds) {
      failed.push(...(await Promise.all(round.map((batch) => this.#failedOf(batch)))).flat());
      this.clock.advance(pending.shift() ?? 0);
    }
    for (let turn = 0; failed.length > 0; turn += 1) {
      if (turn > 50) throw new Error(`${failed.length} events never settle`);
      this.clock.advance(pending.shift() ?? 10 * 60_000);
      failed = (await Promise.all(failed.map((event) => this.#failedOf([event])))).flat();
    }
  }

  /** The mug order's facts, one text a commit. */
  get told(): readonly string[] {
    return this.store.told('payment#order-c1');
  }

  /** How often each published fact was committed. */
  get published(): Readonly<Record<string, number>> {
    const counts: Record<string, number> = {};
    for (const { facts } of this.store.inner.commits('payment#order-c1')) {
      for (const { type, published } of facts) if (published) counts[type] = (counts[type] ?? 0) + 1;
    }
    return counts;
  }

  async #handle(store: EventStore, events: readonly PaymentEvent[]): Promise<string[]> {
    const ports = { store, clock: this.clock, ids: this.#ids, functionTimeoutMs: TIMEOUT_MS };
    const settled = await Promise.allSettled(paymentsConsumer(ports, this.provider).handle(events, invocation()));
    return settled.map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason)));
  }

  async #failedOf(batch: readonly PaymentEvent[]): Promise<PaymentEvent[]> {
    const answers = await this.handle(...batch);
    return batch.filter((_, n) => answers[n] !== 'done');
  }
}
