import {
  type AttributeDefinition,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { documentClient } from '../../functions/backbone/aws-ports.ts';
import { systemClock } from '../../functions/backbone/clock.ts';
import { DynamoDbEventStore } from '../../functions/backbone/dynamodb-event-store.ts';
import { DynamoDbReadModel } from '../../functions/backbone/dynamodb-read-model.ts';
import type { Value } from '../../functions/backbone/read-model.ts';
import { eventStoreConformance } from '../conformance/event-store.ts';
import { readModelConformance } from '../conformance/read-model.ts';
import { unique } from './shop.ts';

const client = new DynamoDBClient({});
const documents = documentClient(client);
const tables = { streams: unique('conformance-streams'), items: unique('conformance-items') };

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
});

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
