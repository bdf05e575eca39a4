import { CartCheckedOut, OrderCancellationRequested, StockReceived } from '../../schemas/generated/facts.ts';
import { type Random, randomFrom } from '../simulation/random.ts';
import type { Scenario } from './scenario.ts';

const ARTICLES = ['tea-earl-grey', 'cup-white'] as const;
const CUSTOMERS = ['cust-ada', 'cust-bob', 'cust-without-contact'] as const;
const PAYMENT_METHODS = ['tok_ok', 'tok_ok', 'tok_ok', 'tok_declined', 'tok_flaky', 'tok_down'] as const;
const ADDRESSES = ['addr_ok', 'addr_ok', 'addr_ok', 'addr_unreachable', 'addr_flaky', 'addr_down'] as const;
const PRICES = [0, 900, 1250] as const;

const MOST_ORDERS = 12;
const LASTS_SECONDS = 1200;

/**
 * Many orders with mixed fates over scarce stock, that comes in while they do; some carts come twice, some customers
 * change their minds, before or after.
 */
export function storm(seed: number): Scenario {
  return {
    name: `storm ${seed}`,
    story: 'Many orders with mixed fates over scarce stock.',
    begin: (world) => {
      const random = randomFrom(`storm ${seed}`);
      for (const customerId of CUSTOMERS.slice(0, 2)) {
        world.parts.contacts.keep(customerId, { email: `${customerId}@example.com` });
      }
      for (const [n, sku] of ARTICLES.entries()) {
        for (const part of [0, 1]) {
          const delivery = { sku, quantity: 1 + random.below(4), deliveryId: `d${n}-${part}` };
          const inSeconds = part === 0 ? 0 : random.below(LASTS_SECONDS);
          world.send(StockReceived, delivery, { inSeconds });
          if (random.below(3) === 0) world.send(StockReceived, delivery, { inSeconds, form: 'bare' });
        }
      }
      const orders = 3 + random.below(MOST_ORDERS - 2);
      for (let n = 1; n <= orders; n += 1) {
        const inSeconds = random.below(2) === 0 ? 1 : random.below(LASTS_SECONDS);
        const cart = cartOf(`c${n}`, random);
        world.send(CartCheckedOut, cart, { inSeconds });
        if (random.below(4) === 0)
          world.send(CartCheckedOut, cart, { inSeconds: inSeconds + random.below(3), form: 'bare' });
        if (random.below(3) !== 0) continue;
        const changesMind = Math.max(0, inSeconds - 1 + random.below(20) / 8);
        world.send(OrderCancellationRequested, { orderId: `order-c${n}` }, { inSeconds: changesMind, form: 'data' });
      }
    },
    ends: {},
  };
}

function cartOf(cartId: string, random: Random): CartCheckedOut {
  const lines = ARTICLES.slice(0, 1 + random.below(2)).map((_, n) => ({
    sku: ARTICLES[(n + random.below(2)) % 2] ?? ARTICLES[0],
    quantity: 1 + random.below(2),
    unitPrice: one(PRICES, random),
  }));
  return {
    cartId,
    customerId: one(CUSTOMERS, random),
    currency: 'EUR',
    lines,
    paymentMethod: one(PAYMENT_METHODS, random),
    shippingAddress: one(ADDRESSES, random),
  };
}

function one<T>(things: readonly [T, ...T[]], random: Random): T {
  return things[random.below(things.length)] ?? things[0];
}
