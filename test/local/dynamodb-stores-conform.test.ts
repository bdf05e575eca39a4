import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import {
  type AttributeDefinition,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, afterEach, beforeAll, vi } from 'vitest';
import { documentClient } from '../../functions/backbone/aws-ports.ts';
import { systemClock } from '../../functions/backbone/clock.ts';
import { DynamoDbEventStore } from '../../functions/backbone/dynamodb-event-store.ts';
import { DynamoDbReadModel } from '../../functions/backbone/dynamodb-read-model.ts';
import type { Value } from '../../functions/backbone/read-model.ts';
import { DynamoDbStandInMemory } from '../../functions/backbone/stand-in.ts';
import { DynamoDbContacts } from '../../functions/notifications/contacts.ts';
import { DynamoDbCustomers } from '../../functions/notifications/customers.ts';
import { type ProviderRecord, providerStandIn } from '../../functions/payments/provider-stand-in.ts';
import { type CarrierRecord, carrierStandIn } from '../../functions/shipping/carrier-stand-in.ts';
import { chargesToTheStandIn, dispatchesByTheStandIn } from '../conformance/calls-to-the-stand-ins.ts';
import { contactsConformance } from '../conformance/contacts.ts';
import { customersConformance } from '../conformance/customers.ts';
import { eventStoreConformance } from '../conformance/event-store.ts';
import { idempotencyRecordsConformance } from '../conformance/idempotency-records.ts';
import { standInConformance } from '../conformance/outside.ts';
import { readModelConformance } from '../conformance/read-model.ts';
import { standInMemoryConformance } from '../conformance/stand-in-memory.ts';
import { unique } from './shop.ts';

const client = new DynamoDBClient({});
const documents = documentClient(client);
const tables = {
  streams: unique('conformance-streams'),
  items: unique('conformance-items'),
  records: unique('conformance-records'),
  memory: unique('conformance-memory'),
  contacts: unique('conformance-contacts'),
  customers: unique('conformance-customers'),
};

/** A table of the test's own: in a deployed one, relay and rules would act on what is written. */
async function create(TableName: string, keys: readonly [name: string, type: 'S' | 'N'][]): Promise<void> {
  const AttributeDefinitions = keys.map(([AttributeName, AttributeType]): AttributeDefinition => {
    return { AttributeName, AttributeType };
  });
  const KeySchema = keys.map(([AttributeName], n) => ({ AttributeName, KeyType: n === 0 ? 'HASH' : 'RANGE' }) as const);
  await client.send(
    new CreateTableCommand({ TableName, AttributeDefinitions, KeySchema, BillingMode: 'PAY_PER_REQUEST' }),
  );
  await waitUntilTableExists({ client, maxWaitTime: 30 }, { TableName });
}

beforeAll(async () => {
  await create(tables.streams, [
    ['pk', 'S'],
    ['sk', 'N'],
  ]);
  await create(tables.items, [['id', 'S']]);
  await create(tables.records, [['id', 'S']]);
  await create(tables.memory, [['key', 'S']]);
  await create(tables.contacts, [['customerId', 'S']]);
  await create(tables.customers, [['orderId', 'S']]);
});

afterEach(() => void vi.useRealTimers());

afterAll(async () => {
  for (const TableName of Object.values(tables)) await client.send(new DeleteTableCommand({ TableName }));
});

eventStoreConformance(
  'the event store in DynamoDB',
  () => new DynamoDbEventStore(documents, { table: tables.streams, clock: systemClock }),
);

readModelConformance(
  'the read model in DynamoDB',
  () => ({
    model: new DynamoDbReadModel(documents, { table: tables.items, key: 'id' }),
    item: async (id) => {
      const get = new GetCommand({ TableName: tables.items, Key: { id }, ConsistentRead: true });
      const { Item } = await documents.send(get);
      if (Item === undefined) return undefined;
      const { id: _, ...fields } = Item;
      return fields as Readonly<Record<string, Value>>;
    },
  }),
  { runs: 5 },
);

idempotencyRecordsConformance('the idempotency records in DynamoDB', () => {
  // They have no other clock than the system's: a lease and a lifetime are what they put into their conditions.
  vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-01-31T12:00:00.000Z') });
  return {
    open: () => new DynamoDBPersistenceLayer({ tableName: tables.records, awsSdkV3Client: client }),
    passes: (ms) => void vi.setSystemTime(Date.now() + ms),
  };
});

standInMemoryConformance("the stand-in's memory in DynamoDB", () => {
  return new DynamoDbStandInMemory(documents, tables.memory);
});

standInConformance(
  'the payment provider in DynamoDB',
  () => providerStandIn(new DynamoDbStandInMemory<ProviderRecord>(documents, tables.memory)),
  chargesToTheStandIn,
);

standInConformance(
  'the carrier in DynamoDB',
  () => carrierStandIn(new DynamoDbStandInMemory<CarrierRecord>(documents, tables.memory)),
  dispatchesByTheStandIn,
);

contactsConformance('the contact vault in DynamoDB', () => ({
  contacts: new DynamoDbContacts(documents, tables.contacts),
  keep: async (customerId, contact) => {
    await documents.send(new PutCommand({ TableName: tables.contacts, Item: { customerId, ...contact } }));
  },
}));

customersConformance('the customers in DynamoDB', () => ({
  customers: new DynamoDbCustomers(documents, tables.customers),
  model: new DynamoDbReadModel(documents, { table: tables.customers, key: 'orderId' }),
}));
