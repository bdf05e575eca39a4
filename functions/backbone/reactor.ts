import type { Consumer } from './consumer.ts';
import type { Received } from './envelope.ts';
import type { Fact, FactOf, FactsOf, FactTypes } from './fact.ts';
import type { Streams } from './stream-reactor.ts';
import type { Subscription } from './subscription.ts';

/** Which stream reacts to a fact. */
export interface Route<Handled extends Fact> {
  readonly to: Streams<Handled>;
  /** The stream's id without its aggregate's name: of `order#order-c1`, `order-c1`. */
  readonly id: (data: Handled['data']) => string;
  /**
   * The fact usually opens its stream: commit at version 1 without reading first.
   *
   * @default false
   */
  readonly opens?: boolean;
}

/** A batch's events for one stream, and their places in the batch. */
interface Group {
  /** Whether the first of them usually opens the stream. */
  readonly opens: boolean;
  readonly events: Received<Fact>[];
  readonly indexes: number[];
}

/** A route for each fact of the subscription, and for no other. */
export type Routes<Facts extends FactTypes> = { readonly [Name in keyof Facts]: Route<FactOf<Facts[Name]>> };

/**
 * The kind of consumer that commits facts to streams of its own. A duplicate is harmless because its cause is in the
 * stream. Events of one batch for one stream become one commit where no call to the outside lies between.
 *
 * @example
 * reactor(payments, {
 *   OrderPlaced: { to: payment, id: (order) => order.orderId, opens: true },
 *   InventoryReserved: { to: payment, id: (reserved) => reserved.orderId },
 * })
 */
export function reactor<Facts extends FactTypes>(
  subscription: Subscription<Facts>,
  routes: Routes<Facts>,
): Consumer<Facts> {
  // A fact's type chose its route, so its data is what the route takes; the compiler cannot follow that through a map.
  const route = (fact: Fact) => routes[fact.type as keyof Facts] as unknown as Route<Fact>;
  const handle = (events: readonly Received<FactsOf<Facts>>[]) => {
    const promises: Promise<void>[] = [];
    const groups = new Map<Streams<Fact>, Map<string, Group>>();
    for (const [index, event] of (events as readonly Received<Fact>[]).entries()) {
      const { to, id, opens = false } = route(event);
      const streams = groups.get(to) ?? new Map<string, Group>();
      let stream: string;
      try {
        stream = id(event.data);
      } catch (error) {
        promises[index] = Promise.reject(error);
        continue;
      }
      const group = streams.get(stream) ?? { opens, events: [], indexes: [] };
      group.events.push(event);
      group.indexes.push(index);
      groups.set(to, streams.set(stream, group));
    }
    for (const [to, streams] of groups) {
      for (const [id, { opens, events, indexes }] of streams) {
        for (const [n, promise] of to.react(id, subscription.name, events, opens).entries())
          promises[indexes[n] as number] = promise;
      }
    }
    return promises;
  };
  return { subscription, handle };
}
