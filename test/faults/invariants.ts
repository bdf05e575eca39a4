import type { Stage } from '../../functions/orders/decider.ts';

/** A shop at one moment, wherever it runs. Amounts are integers in the currency's minor unit. */
export interface Shop {
  /** Those whose carts have come. */
  readonly orders: readonly ShopOrder[];
  readonly stock: readonly ShopStock[];
  readonly streams: readonly ShopStream[];
  /** Every fact in a commit that others are to be told of. */
  readonly facts: readonly ShopFact[];
  readonly queues: readonly ShopQueue[];
}

/** An order, and what has really been done for it. */
export interface ShopOrder {
  readonly orderId: string;
  readonly stage: Stage['kind'];
  readonly total: number;
  readonly stock: 'not held' | 'held' | 'released' | 'left';
  /** What the provider took: an amount for each time. */
  readonly charges: readonly number[];
  /** What the provider gave back: an amount for each time. */
  readonly refunds: readonly number[];
  /** How often the carrier took it on. */
  readonly dispatches: number;
  /** Whether it did so after the money was refunded and the stock released, where the order of deeds is known. */
  readonly dispatchedLast?: boolean;
}

/** The counter of a SKU. */
export interface ShopStock {
  readonly sku: string;
  readonly received: number;
  readonly available: number;
  readonly reserved: number;
  readonly shipped: number;
}

export interface ShopStream {
  /** Such as `order#order-c1`. */
  readonly name: string;
  /** Of its commits, as they are read. */
  readonly versions: readonly number[];
}

export interface ShopFact {
  readonly stream: string;
  readonly type: string;
  readonly data: unknown;
  /** How often it was published, under one id. */
  readonly published: number;
}

export interface ShopQueue {
  readonly name: string;
  readonly messages: number;
  /** How many the scenario leaves there: those of a provider that is down for good, say. */
  readonly expected: number;
}

/** What holds of a shop; answers where it does not, in words for people. */
export interface Invariant {
  readonly promise: string;
  readonly violations: (shop: Shop) => readonly string[];
}

/** What holds at every moment. */
export const ALWAYS: readonly Invariant[] = [
  {
    promise: 'reserved + available + shipped = received for every SKU, never negative',
    violations: ({ stock }) =>
      stock
        .filter(({ received, available, reserved, shipped }) => {
          return reserved + available + shipped !== received || Math.min(received, available, reserved, shipped) < 0;
        })
        .map((counter) => `the stock of ${counter.sku} is ${JSON.stringify(counter)}`),
  },
  {
    promise: 'each effect happens once at most, and nothing is given back that was not taken',
    violations: ({ orders }) =>
      orders.flatMap(({ orderId, charges, refunds, dispatches }) => [
        ...(charges.length > 1 ? [`${orderId} was charged ${charges.length} times`] : []),
        ...(refunds.length > 1 ? [`${orderId} was refunded ${refunds.length} times`] : []),
        ...(dispatches > 1 ? [`${orderId} was dispatched ${dispatches} times`] : []),
        ...(sum(refunds) > sum(charges) ? [`${orderId} got ${sum(refunds)} back of ${sum(charges)}`] : []),
      ]),
  },
  {
    promise: 'nothing is dispatched that is cancelled, refunded or released',
    violations: ({ orders }) =>
      orders
        .filter(({ dispatches }) => dispatches > 0)
        .flatMap(({ orderId, stage, stock, refunds, dispatchedLast = false }) => [
          ...(dispatchedLast ? [`${orderId} is refunded, released, and then dispatched`] : []),
          ...(stage === 'cancelled' ? [`${orderId} is dispatched and cancelled`] : []),
          ...(refunds.length > 0 ? [`${orderId} is dispatched and refunded`] : []),
          ...(stock === 'released' ? [`${orderId} is dispatched and its stock released`] : []),
        ]),
  },
  {
    promise: 'no stream tells a fact twice',
    violations: ({ facts }) => {
      const told = new Set<string>();
      return facts.flatMap(({ stream, type, data }) => {
        const meaning = JSON.stringify([stream, type, data]);
        const isNew = !told.has(meaning);
        told.add(meaning);
        return isNew ? [] : [`${stream} holds ${type} twice`];
      });
    },
  },
  {
    promise: "every stream's versions without gaps",
    violations: ({ streams }) =>
      streams
        .filter(({ versions }) => versions.some((version, index) => version !== index + 1))
        .map(({ name, versions }) => `${name} has the versions ${versions.join(', ')}`),
  },
];

/** What holds besides when nothing is left to happen. */
export const AT_REST: readonly Invariant[] = [
  {
    promise: 'an order ends shipped and paid, or cancelled with no stock held and no money kept',
    violations: ({ orders }) => orders.flatMap(unfinished),
  },
  {
    promise: 'captured − refunded = total of shipped orders',
    violations: ({ orders }) => {
      const kept = sum(orders.flatMap(({ charges, refunds }) => [sum(charges), -sum(refunds)]));
      const due = sum(orders.map(({ stage, total }) => (stage === 'shipped' ? total : 0)));
      return kept === due ? [] : [`${kept} is kept, and orders for ${due} are shipped`];
    },
  },
  {
    promise: 'stock is held for nobody',
    violations: ({ stock }) =>
      stock.filter(({ reserved }) => reserved !== 0).map(({ sku, reserved }) => `${reserved} of ${sku} are reserved`),
  },
  {
    promise: 'each fact is published at least once',
    violations: ({ facts }) =>
      facts
        .filter(({ published }) => published === 0)
        .map(({ stream, type }) => `${type} of ${stream} was never published`),
  },
  {
    promise: 'nothing is left in any queue but what belongs there',
    violations: ({ queues }) =>
      queues
        .filter(({ messages, expected }) => messages !== expected)
        .map(({ name, messages, expected }) => `${name} holds ${messages} messages instead of ${expected}`),
  },
];

/** What a shop violates, each with the promise that it breaks. */
export function violations(invariants: readonly Invariant[], shop: Shop): readonly string[] {
  return invariants.flatMap(({ promise, violations }) => violations(shop).map((what) => `${what} (${promise})`));
}

function unfinished({ orderId, stage, total, stock, charges, refunds, dispatches }: ShopOrder): readonly string[] {
  const kept = sum(charges) - sum(refunds);
  switch (stage) {
    case 'shipped':
      return [
        ...(kept === total ? [] : [`${orderId} is shipped, and ${kept} of ${total} is paid`]),
        ...(dispatches === 1 ? [] : [`${orderId} is shipped, and was dispatched ${dispatches} times`]),
        ...(stock === 'left' ? [] : [`${orderId} is shipped, and its stock is ${stock}`]),
      ];
    case 'cancelled':
      return [
        ...(kept === 0 ? [] : [`${orderId} is cancelled, and ${kept} is kept`]),
        ...(stock === 'held' || stock === 'left' ? [`${orderId} is cancelled, and its stock is ${stock}`] : []),
      ];
    case 'unknown':
    case 'placed':
    case 'confirmed':
      return [`${orderId} stays ${stage}`];
  }
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((total, amount) => total + amount, 0);
}
