import type { Consumer } from '../../../functions/backbone/consumer.ts';
import type { EventStore } from '../../../functions/backbone/event-store.ts';
import { shippingConsumer, shippingDeadlineConsumer } from '../../../functions/shipping/consumer.ts';
import type { shipping } from '../../../functions/shipping/subscriptions.ts';
import { ManualClock } from '../../manual-clock.ts';
import { invocation } from '../backbone/invocation.ts';
import { numberedIds } from '../backbone/numbered-ids.ts';
import { received } from '../backbone/received.ts';
import { ScriptedEventStore } from '../backbone/scripted-event-store.ts';
import { orderConfirmed } from '../orders/mug-order.ts';
import { UnreliableCarrier } from './unreliable-carrier.ts';

/** How long an instance of either function may run. */
export const TIMEOUT_MS = 30_000;

/** Which of the context's functions an `OrderConfirmed` comes to: at once, or after its time. */
type Queue = 'dispatch' | 'deadline';

/** The shipping context with an unreliable carrier, on a store in memory whose appends a test may disturb. */
export class LoadingDock {
  readonly store = new ScriptedEventStore();
  readonly clock = new ManualClock();
  readonly carrier = new UnreliableCarrier(this.clock);
  readonly #address: string;
  readonly #ids = numberedIds('fact');

  /** @param address where the mug order goes */
  constructor(address = 'addr_ok') {
    this.#address = address;
  }

  /**
   * The mug order's `OrderConfirmed` comes to a cold instance of the function that dispatches, under each of these event
   * ids; answers for each `done`, or the error's name and message.
   */
  dispatch(...ids: readonly string[]): Promise<string[]> {
    return this.#handle(this.store, 'dispatch', ids);
  }

  /** It comes back after its time, to a cold instance of the function that watches the deadline. */
  deadlinePasses(...ids: readonly string[]): Promise<string[]> {
    return this.#handle(this.store, 'deadline', ids);
  }

  /** Another instance behind the back of the scripted store. */
  rival(queue: Queue, ...ids: readonly string[]): () => Promise<string[]> {
    return () => this.#handle(this.store.inner, queue, ids);
  }

  /** The mug order's facts, one text a commit. */
  get told(): readonly string[] {
    return this.store.told('shipment#order-c1');
  }

  /** The mug order's published facts. */
  get published(): readonly { readonly type: string; readonly data: unknown }[] {
    return this.store.inner
      .commits('shipment#order-c1')
      .flatMap(({ facts }) => facts)
      .filter(({ published }) => published !== undefined)
      .map(({ type, data }) => ({ type, data }));
  }

  async #handle(store: EventStore, queue: Queue, ids: readonly string[]): Promise<string[]> {
    const ports = { store, clock: this.clock, ids: this.#ids, functionTimeoutMs: TIMEOUT_MS };
    const consumer: Consumer<typeof shipping.facts> =
      queue === 'dispatch' ? shippingConsumer(ports, this.carrier) : shippingDeadlineConsumer(ports, this.carrier);
    const data = { ...orderConfirmed.data, shippingAddress: this.#address };
    const events = ids.map((id) => received(id, { ...orderConfirmed, data }));
    const settled = await Promise.allSettled(consumer.handle(events, invocation()));
    return settled.map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason)));
  }
}
