import type { Clock } from '../../../functions/backbone/clock.ts';
import type { Consumer } from '../../../functions/backbone/consumer.ts';
import { readEvent } from '../../../functions/backbone/envelope.ts';
import type { Commit } from '../../../functions/backbone/event-store.ts';
import type { FactTypes } from '../../../functions/backbone/fact.ts';
import { InMemoryStandInMemory } from '../../../functions/backbone/in-memory-stand-in-memory.ts';
import { inventoryConsumer } from '../../../functions/inventory/consumer.ts';
import {
  ordersConsumer,
  ordersDeadlineConsumer,
  ordersSettlementConsumer,
} from '../../../functions/orders/consumer.ts';
import { paymentsConsumer } from '../../../functions/payments/consumer.ts';
import { type ProviderRecord, providerStandIn } from '../../../functions/payments/provider-stand-in.ts';
import { type CarrierRecord, carrierStandIn } from '../../../functions/shipping/carrier-stand-in.ts';
import { shippingConsumer, shippingDeadlineConsumer } from '../../../functions/shipping/consumer.ts';
import { ManualClock } from '../../manual-clock.ts';
import { eventBridgeMessage } from '../backbone/eventbridge-message.ts';
import { invocation } from '../backbone/invocation.ts';
import { numberedIds } from '../backbone/numbered-ids.ts';
import { type AppendScript, ScriptedEventStore } from '../backbone/scripted-event-store.ts';

/** What a customer wants of the shop, and how the outside will take it. */
export interface Wish {
  readonly quantity: number;
  readonly unitPrice: number;
  readonly paymentMethod: string;
  readonly shippingAddress: string;
}

/** How many pieces there are. */
export const STOCK = 5;

const STREAMS = ['order#order-c1', 'reservation#order-c1', 'payment#order-c1', 'shipment#order-c1', 'delivery#d1#mug'];

interface Event {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly data: unknown;
}

/** An event that may come to a consumer that listens. */
export interface Arrival {
  /** Rejects as the consumer does: the event would come again. */
  readonly happens: () => Promise<void>;
  readonly isFirst: boolean;
  /** It disturbs: a deadline, or the customer's change of mind. */
  readonly disturbs: boolean;
}

/** The shop's real consumers on a store in memory. Nothing happens by itself: a test says what comes next. */
export class RunningShop {
  readonly clock = new ManualClock();
  readonly #store = new ScriptedEventStore();
  readonly #receivers: readonly Receiver[];
  readonly #fromOutside: readonly Event[];
  readonly #handled = new Set<string>();
  #arrivals = 0;

  /** @param appends what happens to the first writes */
  constructor({ quantity, unitPrice, paymentMethod, shippingAddress }: Wish, appends: readonly AppendScript[]) {
    const ports = { store: this.#store, clock: this.clock, ids: numberedIds('fact'), functionTimeoutMs: 30_000 };
    const forgetting = { clock: this.clock, afterMs: 24 * 3600_000 };
    const provider = providerStandIn(new InMemoryStandInMemory<ProviderRecord>(forgetting));
    const carrier = carrierStandIn(new InMemoryStandInMemory<CarrierRecord>(forgetting));
    this.#store.nextAppends(...appends);
    this.#receivers = [
      receiver(() => ordersConsumer(ports), this.clock),
      receiver(() => ordersDeadlineConsumer(ports), this.clock),
      receiver(() => ordersSettlementConsumer(ports), this.clock),
      receiver(() => inventoryConsumer(ports), this.clock),
      receiver(() => paymentsConsumer(ports, provider), this.clock),
      receiver(() => shippingConsumer(ports, carrier), this.clock),
      receiver(() => shippingDeadlineConsumer(ports, carrier), this.clock),
    ];
    const lines = [{ sku: 'mug', quantity, unitPrice }];
    const cart = { cartId: 'c1', customerId: 'cus-7', currency: 'EUR', lines, paymentMethod, shippingAddress };
    const stock = { sku: 'mug', quantity: STOCK, deliveryId: 'd1' };
    this.#fromOutside = [
      { id: 'stock', type: 'StockReceived', source: 'shop.warehouse', data: stock },
      { id: 'cart', type: 'CartCheckedOut', source: 'shop.storefront', data: cart },
      { id: 'request', type: 'OrderCancellationRequested', source: 'shop.storefront', data: { orderId: 'order-c1' } },
    ];
  }

  /** What may come next, whether it has come before or not. */
  get arrivals(): readonly Arrival[] {
    const published = STREAMS.flatMap((stream) => this.commits(stream)).flatMap(({ facts }) =>
      facts.flatMap(({ id, type, data, published }) =>
        published === undefined ? [] : [{ id, type, source: published.source, data }],
      ),
    );
    return [...this.#fromOutside, ...published].flatMap((event) =>
      this.#receivers
        .filter(({ types }) => types.includes(event.type))
        .map(({ name, receive }): Arrival => {
          const key = `${name} ${event.id}`;
          return {
            happens: async () => {
              await receive({ ...event, id: this.#anId(event.id) });
              this.#handled.add(key);
            },
            isFirst: !this.#handled.has(key),
            disturbs: event.id === 'request' || name.endsWith('-deadline') || name.endsWith('-settlement'),
          };
        }),
    );
  }

  commits(stream: string): readonly Commit[] {
    return this.#store.inner.commits(stream);
  }

  /** Every third event comes under an id of its own, as one that is sent by hand does: its cause is not known. */
  #anId(id: string): string {
    this.#arrivals += 1;
    return this.#arrivals % 3 === 0 ? `${id}-${this.#arrivals}` : id;
  }
}

/** A consumer of whatever facts. */
interface Receiver {
  readonly name: string;
  readonly types: readonly string[];
  readonly receive: (event: Event) => Promise<unknown>;
}

/** @param consumer made anew for each event: a cold instance remembers nothing */
function receiver<Facts extends FactTypes>(consumer: () => Consumer<Facts>, clock: Clock): Receiver {
  const { subscription } = consumer();
  return {
    name: subscription.name,
    types: Object.keys(subscription.facts),
    receive: ({ id, type, source, data }) => {
      const message = eventBridgeMessage({ metadata: { id }, data }, { 'detail-type': type, source });
      return Promise.all(consumer().handle([readEvent(subscription, message, clock)], invocation()));
    },
  };
}
