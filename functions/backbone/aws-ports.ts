import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { systemClock } from './clock.ts';
import { DynamoDbEventStore } from './dynamodb-event-store.ts';
import { variable } from './environment.ts';
import { uuidV7 } from './ids.ts';
import { count } from './observability.ts';
import type { ReactorPorts } from './stream-reactor.ts';

const COUNTS = { duplicate: 'DuplicatesMet', conflict: 'CommitConflicts' } as const;

/**
 * How every client here is set up: a call that hangs is given up and tried again by the SDK while its function still has
 * time, instead of taking a whole batch along.
 */
export const CLIENT = { requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000 } } as const;

/** A document client as every adapter here wants it: fields without a value are left out. */
export function documentClient(client = new DynamoDBClient(CLIENT)): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

/** What a reactor works with in its function, by the environment that its construct sets. */
export function awsReactorPorts(client: DynamoDBDocumentClient): ReactorPorts {
  return {
    store: new DynamoDbEventStore(client, { table: variable('EVENT_STORE_TABLE'), clock: systemClock }),
    clock: systemClock,
    ids: uuidV7,
    functionTimeoutMs: Number(variable('FUNCTION_TIMEOUT_SECONDS')) * 1000,
    observe: (what) => count(COUNTS[what]),
  };
}
