import { CartCheckedOut, OrderCancellationRequested, StockReceived } from '../../schemas/generated/facts.ts';
import type { World } from '../simulation/world.ts';
import type { Outage, Scenario } from './scenario.ts';
import type { Shop } from './shop-world.ts';

const TEA = 'tea-earl-grey';
const CUSTOMER = 'cust-ada';
const ORDER = 'order-c1';

/** Long enough for every deadline, and for every attempt in between. */
const AN_HOUR = 3600;

const CART: CartCheckedOut = {
  cartId: 'c1',
  customerId: CUSTOMER,
  currency: 'EUR',
  lines: [{ sku: TEA, quantity: 1, unitPrice: 1250 }],
  paymentMethod: 'tok_ok',
  shippingAddress: 'addr_ok',
};

interface Opening {
  readonly stock?: number;
  readonly cart?: Partial<CartCheckedOut>;
}

/** There is stock, the customer can be reached, and a cart comes a second later. */
function checkOut(world: World<Shop>, { stock = 3, cart = {} }: Opening = {}): void {
  world.parts.contacts.keep(CUSTOMER, { email: 'ada@example.com' });
  world.send(StockReceived, { sku: TEA, quantity: stock, deliveryId: 'd1' });
  world.send(CartCheckedOut, { ...CART, ...cart }, { inSeconds: 1 });
}

/** The customer wants no more of it. */
function cancel(world: World<Shop>, inSeconds: number): void {
  world.send(OrderCancellationRequested, { orderId: ORDER }, { inSeconds, form: 'bare' });
}

/** Every attempt of a consumer fails, before it does anything. */
function silence(consumer: string, untilSeconds: number): Outage {
  return { fault: 'fails', strikes: ({ who, port }) => who === consumer && port === 'queue', untilSeconds };
}

/** A call fails whenever it is made. */
function failure(port: string, about: RegExp, untilSeconds: number): Outage {
  return { fault: 'error-before', strikes: (call) => call.port === port && about.test(call.about), untilSeconds };
}

/** The saga's stories. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'shipped',
    story: 'Nothing stands against it.',
    begin: (world) => checkOut(world),
    ends: { [ORDER]: ['shipped'] },
  },
  {
    name: 'shipped with several lines',
    story: 'Two lines are of the same article, and the last of another is sold.',
    begin: (world) => {
      const lines = [...CART.lines, { sku: 'cup-white', quantity: 2, unitPrice: 900 }, ...CART.lines];
      world.send(StockReceived, { sku: 'cup-white', quantity: 2, deliveryId: 'd2' });
      checkOut(world, { cart: { lines } });
    },
    ends: { [ORDER]: ['shipped'] },
  },
  {
    name: 'shipped free of charge',
    story: 'It costs nothing, so nobody is charged.',
    begin: (world) => checkOut(world, { cart: { lines: [{ sku: TEA, quantity: 1, unitPrice: 0 }] } }),
    ends: { [ORDER]: ['shipped'] },
  },
  {
    name: 'one cart three times',
    story: 'The same cart comes under three event ids, and the same delivery under two.',
    begin: (world) => {
      checkOut(world);
      world.send(StockReceived, { sku: TEA, quantity: 3, deliveryId: 'd1' }, { form: 'bare' });
      for (const inSeconds of [1, 2]) world.send(CartCheckedOut, CART, { inSeconds, form: 'bare' });
    },
    ends: { [ORDER]: ['shipped'] },
  },
  {
    name: 'shortage',
    story: 'There is less than was ordered.',
    begin: (world) => checkOut(world, { stock: 1, cart: { lines: [{ sku: TEA, quantity: 2, unitPrice: 1250 }] } }),
    ends: { [ORDER]: ['out_of_stock'] },
  },
  {
    name: 'payment refused',
    story: 'The provider declines; the stock is released.',
    begin: (world) => checkOut(world, { cart: { paymentMethod: 'tok_declined' } }),
    ends: { [ORDER]: ['payment_failed'] },
  },
  {
    name: 'shipment impossible',
    story: 'Nobody lives at the address; the money is refunded and the stock released.',
    begin: (world) => checkOut(world, { cart: { shippingAddress: 'addr_unreachable' } }),
    ends: { [ORDER]: ['shipment_failed'] },
  },
  {
    name: 'free shipment impossible',
    story: 'Nobody lives at the address, and there is no money to refund.',
    begin: (world) => {
      const lines = [{ sku: TEA, quantity: 1, unitPrice: 0 }];
      checkOut(world, { cart: { lines, shippingAddress: 'addr_unreachable' } });
    },
    ends: { [ORDER]: ['shipment_failed'] },
  },
  {
    name: 'flaky provider and carrier',
    story: 'Both do not answer twice, and then do.',
    begin: (world) => checkOut(world, { cart: { paymentMethod: 'tok_flaky', shippingAddress: 'addr_flaky' } }),
    ends: { [ORDER]: ['shipped'] },
  },
  {
    name: 'cancelled before its cart',
    story: 'The request to cancel comes first.',
    begin: (world) => {
      cancel(world, 0);
      checkOut(world);
    },
    ends: { [ORDER]: ['requested'] },
  },
  {
    name: 'cancelled as it is placed',
    story: 'The request comes with the cart, and races with all that follows.',
    begin: (world) => {
      checkOut(world);
      cancel(world, 1);
    },
    ends: { [ORDER]: ['requested'] },
  },
  {
    name: 'cancelled as it is charged',
    story: 'The request comes while the provider is asked for the money.',
    begin: (world) => {
      checkOut(world);
      cancel(world, 1.024);
    },
    ends: { [ORDER]: ['requested', 'shipped'] },
  },
  {
    name: 'cancelled too late',
    story: 'The request comes after the shipment, twice: it is rejected once, and nothing changes.',
    begin: (world) => {
      checkOut(world);
      cancel(world, 60);
      cancel(world, 61);
    },
    ends: { [ORDER]: ['shipped'] },
  },
  {
    name: 'payment never answered',
    story: 'The provider never answers; at its deadline the order is given up.',
    begin: (world) => checkOut(world, { cart: { paymentMethod: 'tok_down' } }),
    ends: { [ORDER]: ['deadline_passed'] },
  },
  {
    name: 'carrier never answers',
    story: 'Nothing can be dispatched; at the deadline of its dispatch the order is given up, and refunded.',
    begin: (world) => checkOut(world, { cart: { shippingAddress: 'addr_down' } }),
    ends: { [ORDER]: ['shipment_failed'] },
  },
  {
    name: 'inventory never hears of it',
    story: 'Inventory is away beyond the deadline, and then hears of an order and its end.',
    begin: (world) => checkOut(world),
    outages: [silence('inventory', AN_HOUR)],
    ends: { [ORDER]: ['deadline_passed'] },
  },
  {
    name: 'payments never hears of it',
    story: 'Payments is away beyond the deadline, and then hears everything at once.',
    begin: (world) => checkOut(world),
    outages: [silence('payments', AN_HOUR)],
    ends: { [ORDER]: ['deadline_passed'] },
  },
  {
    name: 'shipping never hears of it',
    story: 'Only the deadline of its dispatch reaches shipping.',
    begin: (world) => checkOut(world),
    outages: [silence('shipping', AN_HOUR)],
    ends: { [ORDER]: ['shipment_failed'] },
  },
  {
    name: 'late reservation',
    story: 'What inventory has reserved is told only after the order was given up.',
    begin: (world) => checkOut(world),
    outages: [{ fault: 'fails', strikes: ({ who }) => who.startsWith('inventory-stream'), untilSeconds: 1200 }],
    ends: { [ORDER]: ['deadline_passed'] },
  },
  {
    name: 'late capture',
    story: 'The charge that was made is told only after the order was given up.',
    begin: (world) => checkOut(world),
    outages: [{ fault: 'fails', strikes: ({ who }) => who.startsWith('payments-stream'), untilSeconds: 1200 }],
    ends: { [ORDER]: ['deadline_passed'] },
  },
  {
    name: 'late dispatch',
    story: 'The dispatch that was made is told only after its deadline.',
    begin: (world) => checkOut(world),
    outages: [{ fault: 'fails', strikes: ({ who }) => who.startsWith('shipping-stream'), untilSeconds: 1200 }],
    ends: { [ORDER]: ['shipped'] },
  },
  {
    name: 'refund fails for a while',
    story: 'The provider takes no refunds for an hour.',
    begin: (world) => checkOut(world, { cart: { shippingAddress: 'addr_unreachable' } }),
    outages: [failure('provider', /\/refund\//, AN_HOUR)],
    ends: { [ORDER]: ['shipment_failed'] },
  },
  {
    name: 'release fails for a while',
    story: "Inventory's table takes no second commit of a reservation for half an hour.",
    begin: (world) => checkOut(world, { cart: { paymentMethod: 'tok_declined' } }),
    outages: [failure('store', /^reservation#.*@[2-9]/, AN_HOUR / 2)],
    ends: { [ORDER]: ['payment_failed'] },
  },
  {
    name: 'two for the last one',
    story: 'Two carts want the last of an article.',
    begin: (world) => {
      checkOut(world, { stock: 1 });
      world.send(CartCheckedOut, { ...CART, cartId: 'c2' }, { inSeconds: 1 });
    },
    ends: { [ORDER]: ['shipped', 'out_of_stock'], 'order-c2': ['shipped', 'out_of_stock'] },
  },
];

/** @throws Error that names those that there are */
export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.name === name);
  if (scenario === undefined) {
    throw new Error(`there is no scenario '${name}', but: ${SCENARIOS.map((one) => one.name).join(', ')}`);
  }
  return scenario;
}
