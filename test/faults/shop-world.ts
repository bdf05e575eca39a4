import type { IdempotencyTable } from '../../functions/backbone/in-memory-idempotency-records.ts';
import { InMemoryReadModel } from '../../functions/backbone/in-memory-read-model.ts';
import { InMemoryStandInMemory } from '../../functions/backbone/in-memory-stand-in-memory.ts';
import { DEFAULT_RETRY, type RetryPolicy } from '../../functions/backbone/recoverability.ts';
import { inventoryConsumer } from '../../functions/inventory/consumer.ts';
import { stockDepleted } from '../../functions/inventory/stock.ts';
import { inventory } from '../../functions/inventory/subscriptions.ts';
import { notificationsConsumer } from '../../functions/notifications/consumer.ts';
import type { Contacts } from '../../functions/notifications/contacts.ts';
import type { Customers } from '../../functions/notifications/customers.ts';
import { orderCustomersConsumer } from '../../functions/notifications/customers-consumer.ts';
import { InMemoryContacts } from '../../functions/notifications/in-memory-contacts.ts';
import { InMemoryCustomers } from '../../functions/notifications/in-memory-customers.ts';
import { InMemoryMailer } from '../../functions/notifications/in-memory-mailer.ts';
import type { Mailer } from '../../functions/notifications/mailer.ts';
import { notifications, orderCustomers } from '../../functions/notifications/subscriptions.ts';
import { orderViewConsumer } from '../../functions/order-view/consumer.ts';
import { orderView } from '../../functions/order-view/subscriptions.ts';
import { ordersConsumer, ordersDeadlineConsumer, ordersSettlementConsumer } from '../../functions/orders/consumer.ts';
import { orderOutcome } from '../../functions/orders/outcome.ts';
import { orders, ordersDeadline, ordersSettlement } from '../../functions/orders/subscriptions.ts';
import { paymentsConsumer } from '../../functions/payments/consumer.ts';
import { type ProviderRecord, providerStandIn } from '../../functions/payments/provider-stand-in.ts';
import { payments } from '../../functions/payments/subscriptions.ts';
import { type CarrierRecord, carrierStandIn } from '../../functions/shipping/carrier-stand-in.ts';
import { shippingConsumer, shippingDeadlineConsumer } from '../../functions/shipping/consumer.ts';
import { shipping, shippingDeadline } from '../../functions/shipping/subscriptions.ts';
import { type CartCheckedOut, StockReceived } from '../../schemas/generated/facts.ts';
import { type PortSpec, READ, WRITE } from '../simulation/port.ts';
import { type Site, World, type WorldOptions } from '../simulation/world.ts';

/** As long as SQS can hold a message back, which is what a stage has unless it is given something else: lib/stage.ts. */
const DEADLINE_SECONDS = 900;

/** lib/shop/within-the-deadline.ts */
const WITHIN_THE_DEADLINE: RetryPolicy = { ...DEFAULT_RETRY, capSeconds: 30, attempts: 25 };

/** How long providers keep keys: functions/backbone/stand-in.ts. */
const KEYS_KEPT_MS = 24 * 3600_000;

const MAILER: PortSpec<Mailer> = { send: { about: ({ subject }) => subject, faults: WRITE } };
const CONTACTS: PortSpec<Contacts> = { find: { about: (customerId) => customerId, faults: READ } };
const CUSTOMERS: PortSpec<Customers> = { of: { about: (orderId) => orderId, faults: READ } };

/** What the shop's tests look at. */
export type Shop = ReturnType<typeof shop>;

/** The whole shop as it is deployed, on ports in memory. */
export function shop({ eventStore, consumer, publisher, clock }: Site) {
  const stores = {
    orders: eventStore({ context: 'orders', source: 'shop.orders', outcomeOf: orderOutcome }),
    inventory: eventStore({
      context: 'inventory',
      source: 'shop.inventory',
      derive: stockDepleted,
      relayAlso: [{ eventName: ['MODIFY'], dynamodb: { NewImage: { available: { N: ['0'] } } } }],
    }),
    payments: eventStore({ context: 'payments', source: 'shop.payments' }),
    shipping: eventStore({ context: 'shipping', source: 'shop.shipping' }),
  };
  const forgetting = { clock, afterMs: KEYS_KEPT_MS };
  const provider = new InMemoryStandInMemory<ProviderRecord>(forgetting);
  const carrier = new InMemoryStandInMemory<CarrierRecord>(forgetting);
  const view = new InMemoryReadModel();
  const customers = new InMemoryReadModel();
  const contacts = new InMemoryContacts();
  const mailer = new InMemoryMailer();
  const records: IdempotencyTable = new Map();

  consumer({ subscription: orders, start: (on) => ordersConsumer(on.reactorPorts(stores.orders)) });
  consumer({
    subscription: ordersDeadline,
    delaySeconds: DEADLINE_SECONDS,
    start: (on) => ordersDeadlineConsumer(on.reactorPorts(stores.orders)),
  });
  consumer({
    subscription: ordersSettlement,
    delaySeconds: DEADLINE_SECONDS,
    start: (on) => ordersSettlementConsumer(on.reactorPorts(stores.orders)),
  });
  consumer({ subscription: inventory, start: (on) => inventoryConsumer(on.reactorPorts(stores.inventory)) });
  consumer({
    subscription: payments,
    retry: WITHIN_THE_DEADLINE,
    start: (on) =>
      paymentsConsumer(on.reactorPorts(stores.payments), on.outside('provider', providerStandIn(provider))),
  });
  consumer({
    subscription: shipping,
    retry: WITHIN_THE_DEADLINE,
    start: (on) => shippingConsumer(on.reactorPorts(stores.shipping), on.outside('carrier', carrierStandIn(carrier))),
  });
  consumer({
    subscription: shippingDeadline,
    delaySeconds: DEADLINE_SECONDS,
    start: (on) =>
      shippingDeadlineConsumer(on.reactorPorts(stores.shipping), on.outside('carrier', carrierStandIn(carrier))),
  });
  consumer({
    subscription: notifications,
    start: (on) =>
      notificationsConsumer({
        contacts: on.port<Contacts>('contacts', contacts, CONTACTS),
        customers: on.port<Customers>('customers', new InMemoryCustomers(customers), CUSTOMERS),
        mailer: on.port<Mailer>('mailer', mailer, MAILER),
        publisher: on.publisher(publisher),
        records: on.idempotencyRecords(records),
        clock: on.clock,
        unreachable: () => undefined,
      }),
  });
  consumer({ subscription: orderCustomers, start: (on) => orderCustomersConsumer(on.readModel(customers)) });
  consumer({ subscription: orderView, start: (on) => orderViewConsumer(on.readModel(view)) });

  return { stores, provider, carrier, view, contacts, mailer };
}

/** A shop that is open: its customer can be reached, and there are ten of each article. */
export function openShop(options: WorldOptions = {}): World<Shop> {
  const world = new World(shop, options);
  world.parts.contacts.keep(CART.customerId, { email: 'ada@example.com' });
  for (const { sku } of CART.lines) world.send(StockReceived, { sku, quantity: 10, deliveryId: 'd1' });
  return world;
}

/** A cart that nothing stands against. */
export const CART: CartCheckedOut = {
  cartId: 'c1',
  customerId: 'cust-ada',
  currency: 'EUR',
  lines: [
    { sku: 'tea-earl-grey', quantity: 2, unitPrice: 1250 },
    { sku: 'cup-white', quantity: 1, unitPrice: 900 },
  ],
  paymentMethod: 'tok_ok',
  shippingAddress: 'addr_ok',
};
