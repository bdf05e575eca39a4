import type { Consumer } from '../../../functions/backbone/consumer.ts';
import type { Received } from '../../../functions/backbone/envelope.ts';
import type { EventStore } from '../../../functions/backbone/event-store.ts';
import type { FactsOf, FactTypes } from '../../../functions/backbone/fact.ts';
import type { ReactorPorts } from '../../../functions/backbone/stream-reactor.ts';
import {
  ordersConsumer,
  ordersDeadlineConsumer,
  ordersSettlementConsumer,
} from '../../../functions/orders/consumer.ts';
import type { orders, ordersSettlement } from '../../../functions/orders/subscriptions.ts';
import { ManualClock } from '../../manual-clock.ts';
import { invocation } from '../backbone/invocation.ts';
import { numberedIds } from '../backbone/numbered-ids.ts';
import { received } from '../backbone/received.ts';
import { ScriptedEventStore } from '../backbone/scripted-event-store.ts';
import { orderCancelled, orderPlaced } from './mug-order.ts';

/** A fact as the orders context receives it. */
export type OrderEvent = Received<FactsOf<typeof orders.facts>>;

/** A fact that comes back to the orders context when everything of a cancelled order is to be undone. */
export type SettlementEvent = Received<FactsOf<typeof ordersSettlement.facts>>;

/**
 * The functions of the orders context on a store. Each call is a cold instance that handles a batch, and answers for
 * each event `done`, or the error's name and message.
 */
class OrdersFunctions {
  readonly #ports: ReactorPorts;

  constructor(store: EventStore, ids = numberedIds('fact')) {
    this.#ports = { store, clock: new ManualClock(), ids, functionTimeoutMs: 30_000 };
  }

  handle(...events: readonly OrderEvent[]): Promise<string[]> {
    return answers(ordersConsumer(this.#ports), events);
  }

  /** The mug order's `OrderPlaced` comes back after its time, under each of these event ids. */
  deadlinePasses(...ids: readonly string[]): Promise<string[]> {
    return answers(
      ordersDeadlineConsumer(this.#ports),
      ids.map((id) => received(id, orderPlaced)),
    );
  }

  /** The mug order's `OrderCancelled` comes back after its time, under each of these event ids. */
  settlementIsDue(...ids: readonly string[]): Promise<string[]> {
    return this.lookAfter(...ids.map((id) => received(id, orderCancelled('requested'))));
  }

  /** These facts come back after the time that a cancelled order has to be settled. */
  lookAfter(...events: readonly SettlementEvent[]): Promise<string[]> {
    return answers(ordersSettlementConsumer(this.#ports), events);
  }
}

/** The orders context on a store in memory whose appends a test may disturb. */
export class OrdersShelf extends OrdersFunctions {
  readonly store: ScriptedEventStore;
  /** Other instances, which no script disturbs. */
  readonly rival: OrdersFunctions;

  constructor() {
    const store = new ScriptedEventStore();
    const ids = numberedIds('fact');
    super(store, ids);
    this.store = store;
    this.rival = new OrdersFunctions(store.inner, ids);
  }

  /** The mug order's facts, one text a commit. */
  get told(): readonly string[] {
    return this.store.told('order#order-c1');
  }

  /** The mug order's published facts, each with its reason where it has one. */
  get published(): readonly string[] {
    return this.store.inner
      .commits('order#order-c1')
      .flatMap(({ facts }) => facts)
      .filter(({ published }) => published !== undefined)
      .map(({ type, data }) =>
        typeof data === 'object' && data !== null && 'reason' in data ? `${type}:${data.reason}` : type,
      );
  }
}

async function answers<Facts extends FactTypes>(
  { handle }: Consumer<Facts>,
  events: readonly Received<FactsOf<Facts>>[],
): Promise<string[]> {
  const settled = await Promise.allSettled(handle(events, invocation()));
  return settled.map((one) => (one.status === 'fulfilled' ? 'done' : String(one.reason)));
}
