import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { FactType } from '../../functions/backbone/fact.ts';
import { orderIdOf } from '../../functions/orders/decider.ts';
import {
  CartCheckedOut,
  InventoryReserved,
  OrderCancelled,
  OrderConfirmed,
  OrderPlaced,
  OrderShipped,
  PaymentCaptured,
  ShipmentDispatched,
  StockReceived,
} from '../../schemas/generated/facts.ts';
import { eventBridgeMessage } from '../unit/backbone/eventbridge-message.ts';
import { invocation } from '../unit/backbone/invocation.ts';
import { sqsEvent } from '../unit/backbone/sqs-event.ts';
import { type RecordedCall, type RecordingProxy, recordingProxy } from './recording-proxy.ts';
import { busName, cartOf, clients, customerWithContact, stocked, unique } from './shop.ts';

const lambda = new LambdaClient({});
let proxy: RecordingProxy;

beforeAll(async () => {
  proxy = await recordingProxy(clients.endpoint);
});
afterAll(async () => await proxy.close());

// Every test has its functions cold: nothing is remembered of a stream.
beforeEach(() => vi.resetModules());

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse>;

/** The function's own module, in the environment that the deployed function has, in front of a recording AWS. */
async function functionOf(name: string, load: () => Promise<{ handler: Handler }>): Promise<Handler> {
  const FunctionName = `${busName}-${name}`;
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  for (const [key, value] of Object.entries(Environment?.Variables ?? {})) vi.stubEnv(key, value);
  vi.stubEnv('AWS_ENDPOINT_URL', proxy.endpoint);
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'true');
  // Its own environment would make the SDK look for a region elsewhere.
  vi.stubEnv('NODE_OPTIONS', '');
  return (await load()).handler;
}

/** Lets a function handle one event, and tells which calls it made. */
async function handle<Data>(
  handler: Handler,
  { source, type }: FactType<string, Data>,
  data: Data,
  metadata: Readonly<Record<string, unknown>> = {},
): Promise<readonly RecordedCall[]> {
  const detail = { metadata: { id: unique('event'), time: new Date().toISOString(), ...metadata }, data };
  const message = eventBridgeMessage(detail, { 'detail-type': type, source });
  proxy.take();
  expect(await handler(sqsEvent(message), invocation())).toEqual({ batchItemFailures: [] });
  return proxy.take();
}

const operations = (calls: readonly RecordedCall[]) => calls.map(({ operation }) => operation);

const orders = () => functionOf('orders', () => import('../../functions/orders/handler.ts'));
const inventory = () => functionOf('inventory', () => import('../../functions/inventory/handler.ts'));
const payments = () => functionOf('payments', () => import('../../functions/payments/handler.ts'));
const shipping = () => functionOf('shipping', () => import('../../functions/shipping/handler.ts'));
const view = () => functionOf('order-view', () => import('../../functions/order-view/handler.ts'));
const customers = () =>
  functionOf('notifications-customers', () => import('../../functions/notifications/customers-handler.ts'));
const notifications = () => functionOf('notifications', () => import('../../functions/notifications/handler.ts'));

function placed(cart: CartCheckedOut): OrderPlaced {
  return { ...cart, orderId: orderIdOf(cart.cartId), total: 1_000 };
}

function paid({ orderId, currency, total }: OrderPlaced): PaymentCaptured {
  return { orderId, paymentId: `pay-${orderId}`, amount: total, currency };
}

function confirmed(order: OrderPlaced): OrderConfirmed {
  const { orderId, customerId, currency, total, shippingAddress } = order;
  const lines = order.lines.map(({ sku, quantity }) => ({ sku, quantity }));
  return { orderId, customerId, currency, total, lines, shippingAddress, paymentId: `pay-${orderId}` };
}

describe('one event is one write of one item, and two calls at most', () => {
  test('orders: a cart opens its stream with a write alone', async () => {
    const handler = await orders();
    expect(operations(await handle(handler, CartCheckedOut, cartOf('sku')))).toEqual(['DynamoDB.PutItem']);
  });

  test('orders: a later fact is a load and a write in a cold function, and a write alone in a warm one', async () => {
    const order = placed(cartOf('sku'));
    const cold = await orders();
    expect(operations(await handle(cold, PaymentCaptured, paid(order)))).toEqual([
      'DynamoDB.Query',
      'DynamoDB.PutItem',
    ]);

    const warm = await orders();
    const cart = cartOf('sku');
    await handle(warm, CartCheckedOut, cart);
    expect(operations(await handle(warm, PaymentCaptured, paid(placed(cart))))).toEqual(['DynamoDB.PutItem']);
  });

  test('orders: a duplicate writes nothing', async () => {
    const cart = cartOf('sku');
    const id = unique('event');
    await handle(await orders(), CartCheckedOut, cart, { id });
    vi.resetModules();
    const calls = await handle(await orders(), CartCheckedOut, cart, { id });
    // The write is refused, for the version is there; the load shows why.
    expect(operations(calls)).toEqual(['DynamoDB.PutItem', 'DynamoDB.Query']);
  });

  test('inventory: stock and stream change in one transaction, without a load where a stream is opened', async () => {
    const sku = await stocked(3);
    const order = placed(cartOf(sku));
    const handler = await inventory();
    const delivery = { sku, quantity: 1, deliveryId: unique('delivery') };
    expect(operations(await handle(handler, StockReceived, delivery))).toEqual(['DynamoDB.TransactWriteItems']);
    expect(operations(await handle(handler, OrderPlaced, order))).toEqual(['DynamoDB.TransactWriteItems']);

    vi.resetModules();
    const cold = await inventory();
    const { orderId, customerId } = order;
    expect(operations(await handle(cold, OrderCancelled, { orderId, customerId, reason: 'payment_failed' }))).toEqual([
      'DynamoDB.Query',
      'DynamoDB.TransactWriteItems',
    ]);
  });

  test('payments: terms are a write alone; a charge is a load, the intent, the provider, the outcome', async () => {
    const order = placed(cartOf('sku'));
    const handler = await payments();
    expect(operations(await handle(handler, OrderPlaced, order))).toEqual(['DynamoDB.PutItem']);
    const held = { orderId: order.orderId, reservationId: 'res', lines: [{ sku: 'sku', quantity: 1 }] };
    const calls = await handle(handler, InventoryReserved, held);
    expect(operations(calls)).toEqual([
      'DynamoDB.Query',
      'DynamoDB.PutItem',
      ...['DynamoDB.UpdateItem', 'DynamoDB.UpdateItem'],
      'DynamoDB.PutItem',
    ]);
    expect(calls.map(({ body }) => String(body.TableName).replace(`${busName}-`, ''))).toEqual([
      'payments',
      'payments',
      ...['payment-provider', 'payment-provider'],
      'payments',
    ]);
  });

  test('shipping: a dispatch is a load, the intent, the carrier, the outcome', async () => {
    const calls = await handle(await shipping(), OrderConfirmed, confirmed(placed(cartOf('sku'))));
    expect(calls.map(({ operation, body }) => `${operation} ${body.TableName}`)).toEqual([
      `DynamoDB.Query ${busName}-shipping`,
      `DynamoDB.PutItem ${busName}-shipping`,
      `DynamoDB.UpdateItem ${busName}-carrier`,
      `DynamoDB.UpdateItem ${busName}-carrier`,
      `DynamoDB.PutItem ${busName}-shipping`,
    ]);
  });

  test('order view: an update, and a second one where something newer was there before', async () => {
    const handler = await view();
    const order = placed(cartOf('sku'));
    const { orderId, customerId } = order;
    const shipped = { orderId, customerId, shipmentId: 'ship', trackingCode: 'track' };
    expect(operations(await handle(handler, OrderShipped, shipped, { sequence: 3 }))).toEqual(['DynamoDB.UpdateItem']);
    expect(operations(await handle(handler, OrderPlaced, order, { sequence: 1 }))).toEqual([
      'DynamoDB.UpdateItem',
      'DynamoDB.UpdateItem',
    ]);
    const dispatched = { orderId, shipmentId: 'ship', trackingCode: 'track' };
    expect(operations(await handle(handler, ShipmentDispatched, dispatched))).toEqual(['DynamoDB.UpdateItem']);
  });

  test('notifications, customers: an update', async () => {
    expect(operations(await handle(await customers(), OrderPlaced, placed(cartOf('sku'))))).toEqual([
      'DynamoDB.UpdateItem',
    ]);
  });

  test('notifications: the record, the contact, the mail, the result, the fact', async () => {
    const { customerId } = await customerWithContact();
    const order = confirmed(placed(cartOf('sku', 1, { customerId })));
    expect(operations(await handle(await notifications(), OrderConfirmed, order))).toEqual([
      'DynamoDB.PutItem',
      'DynamoDB.GetItem',
      'Query.SendEmail',
      'DynamoDB.UpdateItem',
      'AWSEvents.PutEvents',
    ]);
  });
});

test('every load of a stream is strongly consistent, and every commit conditional', async () => {
  const sku = await stocked(3);
  const order = placed(cartOf(sku));
  const { orderId, customerId } = order;
  const cancelled = { orderId, customerId, reason: 'out_of_stock' } as const;
  const calls = [
    ...(await handle(await orders(), PaymentCaptured, paid(order))),
    ...(await handle(await inventory(), OrderCancelled, cancelled)),
    ...(await handle(await payments(), OrderCancelled, cancelled)),
    ...(await handle(await shipping(), OrderConfirmed, confirmed(order))),
  ];
  const loads = calls.filter(({ operation }) => operation === 'DynamoDB.Query');
  expect(loads).toHaveLength(4);
  expect(loads.filter(({ body }) => body.ConsistentRead !== true)).toEqual([]);

  const commits = calls.filter(({ operation }) => operation === 'DynamoDB.PutItem');
  expect(commits.length).toBeGreaterThanOrEqual(4);
  expect(commits.filter(({ body }) => body.ConditionExpression !== 'attribute_not_exists(pk)')).toEqual([]);
});
