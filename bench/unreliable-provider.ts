import './silent.ts';

import { parseArgs } from 'node:util';
import type { OutsideCall } from '../functions/backbone/aggregate.ts';
import { type Clock, timestamp } from '../functions/backbone/clock.ts';
import type { Consumer } from '../functions/backbone/consumer.ts';
import type { Fact, FactTypes } from '../functions/backbone/fact.ts';
import { uuidV7 } from '../functions/backbone/ids.ts';
import { InMemoryEventStore } from '../functions/backbone/in-memory-event-store.ts';
import { InMemoryStandInMemory } from '../functions/backbone/in-memory-stand-in-memory.ts';
import type { Outside } from '../functions/backbone/outside.ts';
import { DEFAULT_RETRY, type RetryPolicy } from '../functions/backbone/recoverability.ts';
import { publicationsOf } from '../functions/backbone/relay.ts';
import type { ReactorPorts } from '../functions/backbone/stream-reactor.ts';
import { inventoryConsumer } from '../functions/inventory/consumer.ts';
import { ordersConsumer, ordersDeadlineConsumer, ordersSettlementConsumer } from '../functions/orders/consumer.ts';
import { paymentsConsumer } from '../functions/payments/consumer.ts';
import { type ProviderRecord, providerStandIn } from '../functions/payments/provider-stand-in.ts';
import { type CarrierRecord, carrierStandIn } from '../functions/shipping/carrier-stand-in.ts';
import { shippingConsumer, shippingDeadlineConsumer } from '../functions/shipping/consumer.ts';
import { retryPolicy } from '../lib/backbone/consumer-props.ts';
import { WITHIN_THE_DEADLINE } from '../lib/shop/within-the-deadline.ts';
import { CartCheckedOut, StockReceived } from '../schemas/generated/facts.ts';
import { ConsumedQueue } from '../test/unit/backbone/consumed-queue.ts';

/**
 * A thousand orders whose payment provider and carrier fail at random: every call before it takes effect, or after that
 * with its answer lost. The shop's own functions, on queues and stores in memory, in virtual time.
 *
 *     node bench/unreliable-provider.ts
 *     node bench/unreliable-provider.ts --orders 10000 --failing 0.7 --seed 7
 *
 * Ends with 1 unless all orders are shipped, no message is dead, and the retries are within 10 % of the theory in
 * docs/retries.md.
 */

const { values } = parseArgs({
  options: {
    orders: { type: 'string', default: '1000' },
    failing: { type: 'string', default: '0.5' },
    seed: { type: 'string', default: '1' },
  },
});
const orders = Number(values.orders);
const failing = Number(values.failing);
const MARGIN = 0.1;

/** Time that passes when somebody says so, and chance that comes out the same for a seed. */
class VirtualClock implements Clock {
  #nowMs = Date.UTC(2026, 0, 31, 12);
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  now(): number {
    return this.#nowMs;
  }

  sleep(ms: number): Promise<void> {
    this.#nowMs += ms;
    return Promise.resolve();
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  /** Mulberry32: https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** Somebody outside who is there half of the time, and whose answer is lost as often as the call is. */
class Unreliable<Call extends OutsideCall, Outcome extends Fact> implements Outside<Call, Outcome> {
  calls = 0;
  readonly keys = new Set<string>();
  readonly keysKeptMs: number;
  readonly #inner: Outside<Call, Outcome>;
  readonly #clock: Clock;

  constructor(inner: Outside<Call, Outcome>, clock: Clock) {
    this.#inner = inner;
    this.#clock = clock;
    this.keysKeptMs = inner.keysKeptMs;
  }

  readonly perform = async (call: Call): Promise<Outcome> => {
    this.calls += 1;
    this.keys.add(call.key);
    const chance = this.#clock.random();
    if (chance < failing / 2) throw timeOut(`${call.key} was not done`);
    const outcome = await this.#inner.perform(call);
    if (chance < failing) throw timeOut(`${call.key} was done, and nobody was told`);
    return outcome;
  };

  readonly ask = (call: Call): Promise<Outcome> => this.#inner.ask(call);
}

/** As an HTTP client throws it. */
function timeOut(message: string): Error {
  return new DOMException(message, 'TimeoutError');
}

interface Subscriber {
  readonly name: string;
  readonly facts: FactTypes;
  readonly consumed: Pick<ConsumedQueue<FactTypes, VirtualClock>, 'queue' | 'send' | 'deliver'>;
}

/** The shop's functions behind a bus in memory. */
class Shop {
  readonly clock: VirtualClock;
  readonly provider;
  readonly carrier;
  readonly subscribers: Subscriber[] = [];
  /** When each order was shipped, in milliseconds since 1970. */
  readonly shippedMs = new Map<string, number>();
  #published = 0;

  constructor(seed: number) {
    const clock = new VirtualClock(seed);
    this.clock = clock;
    this.provider = new Unreliable(providerStandIn(new InMemoryStandInMemory<ProviderRecord>()), clock);
    this.carrier = new Unreliable(carrierStandIn(new InMemoryStandInMemory<CarrierRecord>()), clock);
    const orders = this.#portsOf('shop.orders');
    const payments = this.#portsOf('shop.payments');
    const shipping = this.#portsOf('shop.shipping');
    const retry = retryPolicy({ retry: WITHIN_THE_DEADLINE });
    const delaySeconds = 15 * 60;
    this.#subscribe(ordersConsumer(orders), {});
    this.#subscribe(ordersDeadlineConsumer(orders), { delaySeconds });
    this.#subscribe(ordersSettlementConsumer(orders), { delaySeconds });
    this.#subscribe(inventoryConsumer(this.#portsOf('shop.inventory')), {});
    this.#subscribe(paymentsConsumer(payments, this.provider), { retry });
    this.#subscribe(shippingConsumer(shipping, this.carrier), { retry });
    this.#subscribe(shippingDeadlineConsumer(shipping, this.carrier), { delaySeconds });
  }

  /** Puts an event into the queues of all that subscribe to it, as the bus's rules do. */
  publish({ source, type }: { readonly source: string; readonly type: string }, detail: unknown): void {
    this.#published += 1;
    const id = `event-${this.#published}`;
    const time = timestamp(this.clock.now());
    const body = JSON.stringify({ id, time, source, 'detail-type': type, detail });
    for (const { facts, consumed } of this.subscribers) {
      if (facts[type]?.source === source) consumed.send(body);
    }
  }

  /** Lets everything happen that follows, until nothing is left in any queue. */
  async run(): Promise<void> {
    const queues = this.subscribers.map(({ consumed }) => consumed);
    while (queues.some(({ queue }) => queue.length > 0)) {
      let isQuiet = true;
      for (const consumed of queues) {
        while ((await consumed.deliver()) !== undefined) isQuiet = false;
      }
      const next = queues.map(({ queue }) => queue.nextVisibleMs).filter((ms) => ms !== undefined);
      if (isQuiet && next.length > 0) this.clock.advance(Math.min(...next) - this.clock.now());
    }
  }

  #portsOf(source: string): ReactorPorts {
    const store = new InMemoryEventStore(({ commit }) => {
      for (const { metadata, data } of publicationsOf(commit, source)) {
        if (metadata.type === 'OrderShipped') this.shippedMs.set(commit.stream, this.clock.now());
        this.publish(metadata, { metadata, data });
      }
    });
    return { store, clock: this.clock, ids: uuidV7, functionTimeoutMs: 10_000 };
  }

  #subscribe<Facts extends FactTypes>(
    consumer: Consumer<Facts>,
    { retry = DEFAULT_RETRY, delaySeconds = 0 }: { retry?: RetryPolicy; delaySeconds?: number },
  ): void {
    const consumed = new ConsumedQueue(consumer, { clock: this.clock, retry, delaySeconds });
    const { name, facts } = consumer.subscription;
    this.subscribers.push({ name, facts, consumed });
  }
}

const shop = new Shop(Number(values.seed));
const startMs = shop.clock.now();
shop.publish(StockReceived, { sku: 'mug', quantity: orders, deliveryId: 'd1' });
for (let n = 1; n <= orders; n += 1) {
  const cart: CartCheckedOut = {
    cartId: `c${n}`,
    customerId: `cust-${n}`,
    currency: 'EUR',
    lines: [{ sku: 'mug', quantity: 1, unitPrice: 1_250 }],
    paymentMethod: 'tok_ok',
    shippingAddress: 'addr_ok',
  };
  shop.publish(CartCheckedOut, cart);
}
await shop.run();

const dead = shop.subscribers.map(({ name, consumed }) => ({ name, letters: consumed.queue.deadLetters.length }));
const deadLetters = dead.reduce((sum, { letters }) => sum + letters, 0);
const lastSeconds = (Math.max(...shop.shippedMs.values()) - startMs) / 1000;
const theory = failing / (1 - failing);
const outside = [
  { who: 'provider', ...counts(shop.provider) },
  { who: 'carrier', ...counts(shop.carrier) },
  {
    who: 'both',
    calls: shop.provider.calls + shop.carrier.calls,
    keys: shop.provider.keys.size + shop.carrier.keys.size,
  },
];

console.log(`${orders} orders, ${failing * 100} % of calls failing, seed ${values.seed}`);
console.log(`  shipped       ${shop.shippedMs.size}, the last after ${lastSeconds.toFixed(0)} s`);
console.log(`  dead letters  ${deadLetters}`);
for (const { who, calls, keys } of outside) {
  const retries = calls / keys - 1;
  const off = ((retries / theory - 1) * 100).toFixed(1);
  console.log(
    `  ${who.padEnd(12)}  ${calls} attempts of ${keys} calls: ${retries.toFixed(3)} retries each, theory ${theory.toFixed(3)} (${off} %)`,
  );
}
const areAsInTheory = outside.every(({ calls, keys }) => Math.abs((calls / keys - 1) / theory - 1) <= MARGIN);
process.exitCode = shop.shippedMs.size === orders && deadLetters === 0 && areAsInTheory ? 0 : 1;

function counts({ calls, keys }: { readonly calls: number; readonly keys: ReadonlySet<string> }) {
  return { calls, keys: keys.size };
}
