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
    const promises = new Array<Promise<void>>(events.length);
    const groups = new Map<Streams<Fact>, Map<string, number[]>>();
    for (const [index, event] of (events as readonly Fact[]).entries()) {
      const { to, id } = route(event);
      const streams = groups.get(to) ?? new Map<string, number[]>();
      let stream: string;
      try {
        stream = id(event.data);
      } catch (error) {
        promises[index] = Promise.reject(error);
        continue;
      }
      groups.set(to, streams.set(stream, [...(streams.get(stream) ?? []), index]));
    }
    for (const [to, streams] of groups) {
      for (const [id, indexes] of streams) {
        const group = indexes.map((index) => events[index] as Received<Fact>);
        const opens = group[0] !== undefined && route(group[0]).opens === true;
        for (const [n, promise] of to.react(id, subscription.name, group, opens).entries())
          promises[indexes[n] as number] = promise;
      }
    }
    return promises;
  };
  return { subscription, handle };
}
