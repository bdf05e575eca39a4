import { parseEnvelope, type Received } from '../../functions/backbone/envelope.ts';
import type { InMemoryEventStore } from '../../functions/backbone/in-memory-event-store.ts';
import { InMemoryReadModel } from '../../functions/backbone/in-memory-read-model.ts';
import type { ItemUpdate } from '../../functions/backbone/read-model.ts';
import { skuOf } from '../../functions/inventory/stock.ts';
import { projections, TIMELINE } from '../../functions/order-view/projection.ts';
import { type OrderFact, orderDecider } from '../../functions/orders/decider.ts';
import type { World } from '../simulation/world.ts';
import type { Shop as ShopAtOneMoment, ShopFact, ShopOrder, ShopStock, ShopStream } from './invariants.ts';
import type { Shop } from './shop-world.ts';

/** The shop of a world as the invariants look at it. */
export function shopOf(world: World<Shop>): ShopAtOneMoment {
  const { stores, provider, carrier } = world.parts;
  const published = new Map<string, number>();
  for (const { id } of publications(world)) published.set(id, (published.get(id) ?? 0) + 1);

  const streams: ShopStream[] = [];
  const facts: ShopFact[] = [];
  for (const store of Object.values(stores)) {
    for (const name of store.streams) {
      const commits = store.commits(name);
      streams.push({ name, versions: commits.map(({ version }) => version) });
      for (const { id, type, data, published: isPublished } of commits.flatMap(({ facts }) => facts)) {
        if (isPublished !== undefined) facts.push({ stream: name, type, data, published: published.get(id) ?? 0 });
      }
    }
  }

  const charges = provider.ledger.flatMap(({ key, result: { call, outcome } }) => {
    return outcome.type === 'ChargeCaptured' ? [{ key, amount: call.amount }] : [];
  });
  const refunds = provider.ledger.flatMap(({ key, result: { call, outcome } }) => {
    return outcome.type === 'RefundMade' ? [{ key, amount: call.amount }] : [];
  });
  const dispatches = carrier.ledger.filter(({ result: { outcome } }) => outcome.type === 'Dispatched');
  const of = (orderId: string, prefix: string) => {
    const begin = `${prefix}-${orderId}/`;
    return ({ key }: { readonly key: string }) => key.startsWith(begin);
  };

  const orders = stores.orders.streams.flatMap((stream): ShopOrder[] => {
    const orderId = stream.slice('order#'.length);
    const told = factsOf(stores.orders, stream);
    const placed = told.find((fact) => fact.type === 'OrderPlaced');
    if (placed === undefined) return [];
    return [
      {
        orderId,
        stage: told.reduce(orderDecider.evolve, orderDecider.initialState).stage.kind,
        total: placed.data.total,
        stock: reservedFor(stores.inventory, orderId),
        charges: charges.filter(of(orderId, 'pay')).map(({ amount }) => amount),
        refunds: refunds.filter(of(orderId, 'pay')).map(({ amount }) => amount),
        dispatches: dispatches.filter(of(orderId, 'ship')).length,
      },
    ];
  });

  const stock = stores.inventory.counters.map((counter): ShopStock => {
    const { received = 0, available = 0, reserved = 0, shipped = 0 } = stores.inventory.counter(counter);
    return { sku: skuOf(counter), received, available, reserved, shipped };
  });

  const queues = world.queues.flatMap(({ name, messages, deadLetters }) => [
    { name, messages: messages.length, expected: 0 },
    { name: `${name}-dlq`, messages: deadLetters.length, expected: 0 },
  ]);
  const refused = [...world.refused].map(([context, { length }]) => {
    return { name: `${context}-relay-dlq`, messages: length, expected: 0 };
  });
  return { orders, stock, streams, facts, queues: [...queues, ...refused] };
}

/** The order view of one order. */
export interface Viewed {
  readonly orderId: string;
  readonly is: unknown;
  readonly ought: unknown;
}

/**
 * What the order view shows, and what it should: every published fact folded once, in the order of publication.
 *
 * An effect that acted twice, which it may, tells so under one id at two times: the view may show either, so these lines
 * are left out.
 */
export function viewsOf(world: World<Shop>): readonly Viewed[] {
  const folded = new InMemoryReadModel();
  const orderIds = new Set<string>();
  const told = new Map<string, string>();
  const toldAgain = new Set<string>();
  for (const { id, content, body } of publications(world)) {
    const before = told.get(id);
    if (before !== undefined && before !== content) toldAgain.add(`${TIMELINE}${id}`);
    if (before !== undefined) continue;
    told.set(id, content);
    const update = projected(body);
    if (update === undefined) continue;
    orderIds.add(update.id);
    void folded.apply(update);
  }
  const shown = (item: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(Object.entries(item).filter(([field]) => !toldAgain.has(field)));
  return [...orderIds].map((orderId) => ({
    orderId,
    is: shown(world.parts.view.item(orderId)),
    ought: shown(folded.item(orderId)),
  }));
}

function projected(body: string): ItemUpdate | undefined {
  const { data, delivery } = parseEnvelope(body);
  const { type } = delivery.metadata;
  if (!Object.hasOwn(projections, type)) return undefined;
  // A fact's type chose its projection; the compiler cannot follow that through a map.
  const project = projections[type as keyof typeof projections] as (fact: Received) => ItemUpdate | undefined;
  return project({ type, data, ...delivery });
}

interface Told {
  readonly id: string;
  readonly content: string;
  readonly body: string;
}

/** Everything on the bus that contexts published, as often as it came. */
function publications(world: World<Shop>): readonly Told[] {
  return world.events
    .filter(({ source }) => source !== 'shop.storefront' && source !== 'shop.warehouse')
    .map((event) => {
      const { metadata } = event.detail as { readonly metadata: { readonly id: string } };
      return { id: metadata.id, content: JSON.stringify(event.detail), body: JSON.stringify(event) };
    });
}

function factsOf(store: InMemoryEventStore, stream: string): readonly OrderFact[] {
  // Written by the order's own decider.
  return store.commits(stream).flatMap(({ facts }) => facts) as unknown as readonly OrderFact[];
}

function reservedFor(store: InMemoryEventStore, orderId: string): ShopOrder['stock'] {
  const types = store.commits(`reservation#${orderId}`).flatMap(({ facts }) => facts.map(({ type }) => type));
  if (types.includes('ReservedStockLeft')) return 'left';
  if (types.includes('InventoryReleased')) return 'released';
  return types.includes('InventoryReserved') ? 'held' : 'not held';
}
