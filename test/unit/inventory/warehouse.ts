import type { Received } from '../../../functions/backbone/envelope.ts';
import type { EventStore } from '../../../functions/backbone/event-store.ts';
import type { FactsOf } from '../../../functions/backbone/fact.ts';
import { inventoryConsumer } from '../../../functions/inventory/consumer.ts';
import type { inventory } from '../../../functions/inventory/subscriptions.ts';
import { ManualClock } from '../../manual-clock.ts';
import { invocation } from '../backbone/invocation.ts';
import { numberedIds } from '../backbone/numbered-ids.ts';
import { received } from '../backbone/received.ts';
import { ScriptedEventStore } from '../backbone/scripted-event-store.ts';

export type InventoryEvent = Received<FactsOf<typeof inventory.facts>>;

/** The inventory context on a store in memory. */
export class Warehouse {
  readonly store = new ScriptedEventStore();
  readonly #clock = new ManualClock();
  readonly #ids = numberedIds('fact');

  /** Lets a cold instance handle a batch; answers for each event `done`, or the error's name and message. */
  async handle(...events: readonly InventoryEvent[]): Promise<string[]> {
    return await this.#handle(this.store, events);
  }

  /** Another instance that handles a batch behind the back of the scripted store. */
  rival(...events: readonly InventoryEvent[]): () => Promise<string[]> {
    return () => this.#handle(this.store.inner, events);
  }

  /** What there is of an article. */
  stock(sku: string): {
    readonly available: number;
    readonly reserved: number;
    readonly shipped: number;
    readonly received: number;
  } {
    return { available: 0, reserved: 0, shipped: 0, received: 0, ...this.store.inner.counter(`stock#${sku}`) };
  }

  async #handle(store: EventStore, events: readonly InventoryEvent[]): Promise<string[]> {
    const ports = { store, clock: this.#clock, ids: this.#ids, functionTimeoutMs: 30_000 };
    const settled = await Promise.allSettled(inventoryConsumer(ports).handle(events, invocation()));
    return settled.map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason)));
  }
}

export const delivered = (id: string, sku: string, quantity: number, deliveryId = id): InventoryEvent =>
  received(id, { type: 'StockReceived', data: { sku, quantity, deliveryId } } as const);
