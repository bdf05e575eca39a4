import { stockOf } from '../../functions/inventory/stock.ts';
import { StockReceived } from '../../schemas/generated/facts.ts';
import { metadataOf } from '../simulation/bus.ts';
import type { World } from '../simulation/world.ts';
import type { Shop } from './shop-world.ts';

/**
 * What streams and bus tell of how it came, held against what was sent. A shop at one moment does not show that: a
 * delivery that was counted twice leaves counters that fit each other.
 */
export function wrongHistory(world: World<Shop>): readonly string[] {
  return [...answeredTwice(world), ...toldButNotCommitted(world), ...miscounted(world)];
}

/**
 * Facts from one event are in one commit, where nobody outside is called: the cause is in it, so a second delivery is
 * known. Rules that look at their state alone let most duplicates pass without harm, but not a request to cancel.
 */
function answeredTwice({ parts: { stores } }: World<Shop>): readonly string[] {
  return [stores.orders, stores.inventory].flatMap((store) =>
    store.streams.flatMap((stream) => {
      const answers = new Map<string, Set<number>>();
      for (const { version, facts } of store.commits(stream)) {
        for (const { causationId } of facts) {
          answers.set(causationId, (answers.get(causationId) ?? new Set()).add(version));
        }
      }
      return [...answers]
        .filter(([, versions]) => versions.size > 1)
        .map(
          ([event, versions]) =>
            `${stream} answers the event ${event} in its commits ${[...versions].join(', ')} (an event is answered once)`,
        );
    }),
  );
}

/** The other half of the outbox's promise, that what is committed is told, is among the invariants. */
function toldButNotCommitted(world: World<Shop>): readonly string[] {
  const stores = Object.values(world.parts.stores);
  const committed = new Set(
    stores.flatMap((store) =>
      store.streams.flatMap((stream) => store.commits(stream).flatMap(({ facts }) => facts.map(({ id }) => id))),
    ),
  );
  return world.events.flatMap((event) => {
    // Facts that are in no commit have no version.
    const { id, version, subject } = metadataOf(event);
    if (version === undefined || id === undefined || committed.has(id)) return [];
    return [`${event['detail-type']} of ${subject} was told, and is in no commit (nothing is told that is not so)`];
  });
}

/** However often and under however many event ids a delivery is told, it comes in once. */
function miscounted(world: World<Shop>): readonly string[] {
  const deliveries = new Map<string, StockReceived>();
  for (const { detail } of world.events.filter((event) => event['detail-type'] === StockReceived.type)) {
    const data = typeof detail === 'object' && detail !== null && 'data' in detail ? detail.data : detail;
    if (StockReceived.accepts(data)) deliveries.set(`${data.deliveryId} ${data.sku}`, data);
  }
  const sums = new Map<string, number>();
  for (const { sku, quantity } of deliveries.values()) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return [...sums].flatMap(([sku, quantity]) => {
    const { received = 0 } = world.parts.stores.inventory.counter(stockOf(sku));
    return received === quantity
      ? []
      : [`${quantity} of ${sku} were delivered, and ${received} are counted (a delivery counts once)`];
  });
}
