import { GetQueueAttributesCommand, ListQueuesCommand } from '@aws-sdk/client-sqs';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, inject, test } from 'vitest';
import { type CommitItem, toCommit } from '../../functions/backbone/dynamodb-event-store.ts';
import type { Commit } from '../../functions/backbone/event-store.ts';
import { stockOf } from '../../functions/inventory/stock.ts';
import type { OrderView } from '../../functions/order-view/view.ts';
import { orderIdOf } from '../../functions/orders/decider.ts';
import type { ProviderRecord } from '../../functions/payments/provider-stand-in.ts';
import type { CarrierRecord } from '../../functions/shipping/carrier-stand-in.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import { type CartCheckedOut, OrderCancellationRequested } from '../../schemas/generated/facts.ts';
import { anotherStage } from './another-stage.ts';
import { functionProcesses, kill } from './function-processes.ts';
import { cartOf, type Shop } from './shop.ts';

const ORDERS = 200;
const KILLS = 30;
const BETWEEN_KILLS_MS = 700;

let shop: Shop;

// Its own stage: whoever else is at work shall live.
beforeAll(async () => {
  shop = await anotherStage('mortal');
}, 120_000);

/** The fates of the first twelve of every twenty; the others are ordinary. */
const FATES: readonly Partial<CartCheckedOut>[] = [
  { paymentMethod: 'tok_declined' },
  { paymentMethod: 'tok_insufficient_funds' },
  { paymentMethod: 'tok_flaky' },
  { shippingAddress: 'addr_unreachable' },
  { shippingAddress: 'addr_flaky' },
  { paymentMethod: 'tok_flaky', shippingAddress: 'addr_unreachable' },
];

/** Of the scarce SKU there is enough for some of those who want it; every twentieth order costs nothing. */
function cartNumber(n: number, plenty: string, scarce: string): CartCheckedOut {
  const cart = cartOf(n % 4 === 1 ? scarce : plenty, 1 + (n % 3), FATES[n % 20]);
  return n % 20 === 6 ? { ...cart, lines: cart.lines.map((line) => ({ ...line, unitPrice: 0 })) } : cart;
}

/** Kills processes of functions at random until there were enough. */
async function storm(): Promise<number> {
  let killed = 0;
  await waitFor(
    `${KILLS} functions to be killed`,
    async () => {
      const processes = functionProcesses(shop.busName);
      const victim = processes[Math.floor(Math.random() * processes.length)];
      if (victim !== undefined && kill(victim)) killed += 1;
      return killed >= KILLS ? true : undefined;
    },
    { limitMs: 120_000, betweenMs: BETWEEN_KILLS_MS },
  );
  return killed;
}

async function everyItem(TableName: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const items: Readonly<Record<string, unknown>>[] = [];
  for await (const { Items = [] } of paginateScan({ client: shop.clients.documents }, { TableName })) {
    items.push(...Items);
  }
  return items;
}

async function everyCommit(): Promise<ReadonlyMap<string, readonly Commit[]>> {
  const { orders, inventory, payments, shipping } = shop.tables;
  const streams = new Map<string, Commit[]>();
  for (const table of [orders, inventory, payments, shipping]) {
    for (const item of await everyItem(table)) {
      // A counter has no version.
      if (item.sk === 0) continue;
      const commit = toCommit(item as unknown as CommitItem);
      streams.set(commit.stream, [...(streams.get(commit.stream) ?? []), commit]);
    }
  }
  for (const commits of streams.values()) commits.sort((one, other) => one.version - other.version);
  return streams;
}

/** What an outside service has done, as its own memory tells it. */
async function done<Kept>(table: string): Promise<readonly Kept[]> {
  const items = await everyItem(`${shop.busName}-${table}`);
  return items.flatMap(({ result }) => (result === undefined ? [] : [result as Kept]));
}

/** Messages that wait or are being handled, by queue; queues without any are left out. */
async function messagesLeft(): Promise<Readonly<Record<string, number>>> {
  const { queues } = shop.clients;
  const { QueueUrls = [] } = await queues.send(new ListQueuesCommand({ QueueNamePrefix: `${shop.busName}-` }));
  const left: Record<string, number> = {};
  for (const QueueUrl of QueueUrls) {
    const { Attributes = {} } = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    const { ApproximateNumberOfMessages, ApproximateNumberOfMessagesNotVisible } = Attributes;
    const messages = Number(ApproximateNumberOfMessages) + Number(ApproximateNumberOfMessagesNotVisible);
    if (messages > 0) left[QueueUrl.slice(QueueUrl.lastIndexOf('/') + 1)] = messages;
  }
  return left;
}

// Only in host mode are its functions processes of this machine, that anybody can end.
test.skipIf(inject('local').aws.mode !== 'host' || process.platform !== 'linux')(
  'two hundred orders while functions die: each is shipped and paid, or cancelled with nothing kept',
  { timeout: 400_000 },
  async () => {
    const received = { plenty: 1_000, scarce: 30 };
    const [plenty, scarce] = [await shop.stocked(received.plenty), await shop.stocked(received.scarce)];
    const carts = Array.from({ length: ORDERS }, (_, n) => cartNumber(n, plenty, scarce));
    const startMs = performance.now();
    const weather = storm();
    for (let at = 0; at < ORDERS; at += 20) {
      await Promise.all(
        carts.slice(at, at + 20).map(async (cart, n) => {
          const orderId = orderIdOf(cart.cartId);
          // One that is cancelled before its cart comes, and one that may be too late.
          if (n === 7) await shop.put(OrderCancellationRequested, { orderId });
          await shop.checkOut(cart);
          if (n === 8) await shop.put(OrderCancellationRequested, { orderId });
        }),
      );
    }
    const killed = await weather;
    const orderIds = carts.map(({ cartId }) => orderIdOf(cartId));
    const hasEnded = ({ status, lines }: OrderView) =>
      (status === 'shipped' || status === 'cancelled') && lines !== undefined;
    await shop.allOrders(orderIds, 'to end', hasEnded, 300_000);
    // The copies that wait for a deadline are held back, and count as delayed: they are not asked for.
    await waitFor(
      'the queues to be empty',
      async () => (Object.keys(await messagesLeft()).length === 0 ? true : undefined),
      { limitMs: 200_000, betweenMs: 1_000 },
    ).catch(async (cause) => {
      throw new Error(`there are messages left: ${JSON.stringify(await messagesLeft())}`, { cause });
    });
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    console.info(`${ORDERS} orders in ${seconds} s, while ${killed} functions were killed`);

    const views = await shop.allOrders(orderIds, 'to end', hasEnded, 10_000);
    const shipped = views.filter(({ status }) => status === 'shipped');
    expect(shipped.length).toBeGreaterThan(ORDERS / 4);
    expect(views.length - shipped.length).toBeGreaterThan(ORDERS / 8);

    // Stock: nothing is held, and what left the house is what was shipped.
    for (const [name, sku] of Object.entries({ plenty, scarce }) as ['plenty' | 'scarce', string][]) {
      const left = shipped
        .filter(({ lines }) => lines?.[0]?.sku === sku)
        .reduce((sum, { lines }) => sum + (lines?.[0]?.quantity ?? 0), 0);
      expect(await shop.stock(sku), stockOf(sku)).toEqual({
        available: received[name] - left,
        reserved: 0,
        shipped: left,
        received: received[name],
      });
    }

    // Money: what the provider has is what was shipped.
    const charges = (await done<ProviderRecord>('payment-provider')).filter(({ outcome }) => {
      return outcome.type === 'ChargeCaptured' || outcome.type === 'RefundMade';
    });
    const kept = charges.reduce((sum, { call }) => sum + (call.type === 'charge' ? call.amount : -call.amount), 0);
    expect(kept).toBe(shipped.reduce((sum, { total = 0 }) => sum + total, 0));

    // Parcels: one for each shipped order, and for no other.
    const parcels = (await done<CarrierRecord>('carrier')).filter(({ outcome }) => outcome.type === 'Dispatched');
    const dispatched = parcels.map(({ call }) => call.shipmentId).sort();
    expect(dispatched).toEqual(shipped.map(({ shipmentId }) => shipmentId).sort());

    // Streams without gaps, and a view that tells each of their published facts once.
    const streams = await everyCommit();
    for (const [stream, commits] of streams) {
      expect(
        commits.map(({ version }) => version),
        stream,
      ).toEqual(commits.map((_, n) => n + 1));
    }
    for (const { orderId, timeline } of views) {
      const published = ['order', 'reservation', 'payment', 'shipment']
        .flatMap((aggregate) => streams.get(`${aggregate}#${orderId}`) ?? [])
        .flatMap(({ facts }) => facts.filter((fact) => fact.published !== undefined).map(({ id }) => id));
      expect(new Set(timeline.map(({ id }) => id)), orderId).toEqual(new Set(published));
    }
  },
);
