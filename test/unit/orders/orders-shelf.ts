import type { Received } from '../../../functions/backbone/envelope.ts';
import { ordersConsumer } from '../../../functions/orders/consumer.ts';
import type { OrderInput } from '../../../functions/orders/decider.ts';
import { ManualClock } from '../../manual-clock.ts';
import { invocation } from '../backbone/invocation.ts';
import { numberedIds } from '../backbone/numbered-ids.ts';
import { ScriptedEventStore } from '../backbone/scripted-event-store.ts';

/** The orders context on a store in memory. */
export class OrdersShelf {
  readonly store = new ScriptedEventStore();
  readonly #clock = new ManualClock();
  readonly #ids = numberedIds('fact');

  /** Lets a cold instance handle a batch; answers for each event `done`, or the error's name and message. */
  async handle(...events: readonly Received<OrderInput>[]): Promise<string[]> {
    const { store } = this;
    const ports = { store, clock: this.#clock, ids: this.#ids, functionTimeoutMs: 30_000 };
    const settled = await Promise.allSettled(ordersConsumer(ports).handle(events, invocation()));
    return settled.map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason)));
  }
}
