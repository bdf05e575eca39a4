import { randomUUID } from 'node:crypto';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { BatchGetCommand, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { inject } from 'vitest';
import { type CommitItem, toCommit } from '../../functions/backbone/dynamodb-event-store.ts';
import type { Commit } from '../../functions/backbone/event-store.ts';
import type { FactType } from '../../functions/backbone/fact.ts';
import { stockOf } from '../../functions/inventory/stock.ts';
import { type OrderView, readOrder, toOrderView } from '../../functions/order-view/view.ts';
import { orderIdOf } from '../../functions/orders/decider.ts';
import { clientsOf } from '../../localstack/shop/clients.ts';
import { type KeptMail, keptMails } from '../../localstack/shop/mails.ts';
import { send } from '../../localstack/shop/send.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import { CartCheckedOut, StockReceived } from '../../schemas/generated/facts.ts';
import type { LocalStage } from './global-setup.ts';

/** The most that a BatchGetItem takes. */
const MOST_KEYS = 100;

/** The facts of an order that is shipped, each once, beside those of the mails about it. */
export const SHIPPED_ONCE = {
  OrderPlaced: 1,
  InventoryReserved: 1,
  PaymentCaptured: 1,
  OrderConfirmed: 1,
  ShipmentDispatched: 1,
  OrderShipped: 1,
};

/** How often each fact stands in an order's timeline. */
export function counted({ timeline }: OrderView): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { type } of timeline) counts[type] = (counts[type] ?? 0) + 1;
  return counts;
}

/** An id that no other test has. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 13)}`;
}

/** A cart with one line, for a customer without contact. */
export function cartOf(sku: string, quantity = 1, more: Partial<CartCheckedOut> = {}): CartCheckedOut {
  return {
    cartId: unique('cart'),
    customerId: unique('cust'),
    currency: 'EUR',
    lines: [{ sku, quantity, unitPrice: 1_000 }],
    paymentMethod: 'tok_ok',
    shippingAddress: 'addr_ok',
    ...more,
  };
}

export interface Stock {
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
  readonly received: number;
}

/** What a test does with the shop of one stage, and how it sees what came of it. */
export function shopOf({ aws, deployed }: LocalStage) {
  const { busName, tables } = deployed;
  const clients = clientsOf(aws);

  /** Puts the bare data on the bus. */
  async function put<Data>(factType: FactType<string, Data>, data: Data): Promise<string> {
    return await send(clients.events, busName, factType, data);
  }

  /** Puts an event with metadata on the bus, as often as told. */
  async function putAs<Data>(
    { source, type }: FactType<string, Data>,
    data: Data,
    metadata: Readonly<Record<string, unknown>>,
    times = 1,
  ): Promise<void> {
    const entry = {
      EventBusName: busName,
      Source: source,
      DetailType: type,
      Detail: JSON.stringify({ metadata, data }),
    };
    const { FailedEntryCount } = await clients.events.send(new PutEventsCommand({ Entries: Array(times).fill(entry) }));
    if (FailedEntryCount !== 0) throw new Error(`the bus refused ${type}`);
  }

  async function checkOut(cart: CartCheckedOut): Promise<string> {
    await put(CartCheckedOut, cart);
    return orderIdOf(cart.cartId);
  }

  /** A new SKU with so many in stock. */
  async function stocked(quantity: number): Promise<string> {
    const sku = unique('sku');
    await put(StockReceived, { sku, quantity, deliveryId: unique('delivery') });
    await waitFor(`the delivery of ${sku}`, async () => (await stock(sku)) ?? undefined);
    return sku;
  }

  async function stock(sku: string): Promise<Stock | undefined> {
    const Key = { pk: stockOf(sku), sk: 0 };
    const { Item } = await clients.documents.send(
      new GetCommand({ TableName: tables.inventory, Key, ConsistentRead: true }),
    );
    if (Item === undefined) return undefined;
    const { available, reserved = 0, shipped = 0, received } = Item;
    return { available, reserved, shipped, received };
  }

  /** The stock of a SKU once it is as expected; how it is when it does not become so is part of the failure. */
  async function stockSettles(sku: string, expected: Stock): Promise<Stock> {
    let last: Stock | undefined;
    const isThere = async () => {
      last = await stock(sku);
      return JSON.stringify(last) === JSON.stringify(expected) ? last : undefined;
    };
    try {
      return await waitFor(`the stock of ${sku}`, isThere, { limitMs: 30_000 });
    } catch {
      return last ?? { available: 0, reserved: 0, shipped: 0, received: 0 };
    }
  }

  async function order(orderId: string): Promise<OrderView | undefined> {
    return await readOrder(clients.documents, tables.orderView, orderId);
  }

  /** The order once the view says that it has ended. */
  async function orderEnds(orderId: string, limitMs = 60_000): Promise<OrderView> {
    const ended = async () => {
      const view = await order(orderId);
      return view?.status === 'shipped' || view?.status === 'cancelled' ? view : undefined;
    };
    return await waitFor(`${orderId} to end`, ended, { limitMs });
  }

  /** All of these orders once they are as wanted; asks for them together, so that the asking costs the shop little. */
  async function allOrders(
    orderIds: readonly string[],
    what: string,
    isWanted: (view: OrderView) => boolean,
    limitMs: number,
  ): Promise<readonly OrderView[]> {
    const found = new Map<string, OrderView>();
    const missing = () => orderIds.filter((orderId) => !found.has(orderId));
    const ask = async () => {
      for (let at = 0, keys = missing(); at < keys.length; at += MOST_KEYS) {
        const Keys = keys.slice(at, at + MOST_KEYS).map((orderId) => ({ orderId }));
        const request = { RequestItems: { [tables.orderView]: { Keys } } };
        const { Responses = {} } = await clients.documents.send(new BatchGetCommand(request));
        for (const view of (Responses[tables.orderView] ?? []).map(toOrderView)) {
          if (isWanted(view)) found.set(view.orderId, view);
        }
      }
      return missing().length === 0 ? true : undefined;
    };
    await waitFor(`${orderIds.length} orders ${what}`, ask, { limitMs, betweenMs: 1_000 }).catch((cause) => {
      throw new Error(`${missing().length} of them are missing, such as ${missing()[0]}`, { cause });
    });
    return orderIds.flatMap((orderId) => found.get(orderId) ?? []);
  }

  /** The order once its timeline holds facts of all these types. */
  async function orderShows(orderId: string, types: readonly string[]): Promise<OrderView> {
    const shown = async () => {
      const view = await order(orderId);
      return view !== undefined && types.every((type) => view.timeline.some((line) => line.type === type))
        ? view
        : undefined;
    };
    return await waitFor(`${orderId} to show ${types.join(', ')}`, shown);
  }

  /** A stream's commits, oldest first. */
  async function commitsOf(table: string, stream: string): Promise<readonly Commit[]> {
    const { Items = [] } = await clients.documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: 'pk = :stream',
        ExpressionAttributeValues: { ':stream': stream },
        ConsistentRead: true,
      }),
    );
    return Items.map((item) => toCommit(item as CommitItem));
  }

  /** A customer whom a mail can reach. */
  async function customerWithContact(): Promise<{ customerId: string; email: string }> {
    const customerId = unique('cust');
    const contact = { customerId, email: `${customerId}@example.com` };
    await clients.documents.send(new PutCommand({ TableName: tables.contacts, Item: contact }));
    return contact;
  }

  async function mailsTo(email: string): Promise<readonly KeptMail[]> {
    return (await keptMails(clients.endpoint)).filter(({ to }) => to === email);
  }

  return {
    busName,
    tables,
    clients,
    put,
    putAs,
    checkOut,
    stocked,
    stock,
    stockSettles,
    order,
    orderEnds,
    allOrders,
    orderShows,
    commitsOf,
    customerWithContact,
    mailsTo,
  };
}

export type Shop = ReturnType<typeof shopOf>;

/** The shop that all tests share. */
export const {
  busName,
  tables,
  clients,
  put,
  putAs,
  checkOut,
  stocked,
  stock,
  stockSettles,
  order,
  orderEnds,
  allOrders,
  orderShows,
  commitsOf,
  customerWithContact,
  mailsTo,
} = shopOf(inject('local'));
