import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import middy from '@middy/core';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Clock } from './clock.ts';
import { type CommitItem, toCommit } from './dynamodb-event-store.ts';
import { ageMs, count, logger, measure, metrics } from './observability.ts';
import type { Publication } from './publisher.ts';
import {
  type CommitKey,
  publicationsOf,
  type RefusedCommit,
  type RelayPorts,
  relay,
  type TableChange,
} from './relay.ts';
import { UNTIL_KILLED } from './time-out.ts';

/** An item before and after a change that is no new commit. */
export interface ItemChange {
  readonly key: CommitKey;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
  /** When it was changed, in milliseconds since 1970; the same however often the change is relayed. */
  readonly atMs: number;
}

/** What a relay's function works with. */
export interface RelayFunctionPorts extends RelayPorts {
  /** The only source that the relay may publish under. */
  readonly source: string;
  readonly clock: Clock;
  /**
   * Tells a fact that ends a saga by how it ended, for metrics: one of a few words, never an id.
   *
   * @default - no sagas are counted
   */
  readonly outcomeOf?: (publication: Publication) => string | undefined;
}

/** How long one call tries again what the bus did not take; after that the event source mapping does. */
const LONGEST_MS = 5_000;

/**
 * The function behind an event store's table stream.
 *
 * @param derive facts that follow from a changed item rather than from a commit
 */
export function relayFunction(
  { source, publisher, deadLetter, clock, outcomeOf }: RelayFunctionPorts,
  derive: (change: ItemChange) => readonly Publication[] = () => [],
) {
  const publications = (record: DynamoDBRecord): readonly Publication[] => {
    const after = image(record.dynamodb?.NewImage);
    if (record.eventName === 'INSERT') return publicationsOf(toCommit(after as CommitItem), source);
    const atMs = (record.dynamodb?.ApproximateCreationDateTime ?? 0) * 1000;
    return derive({ key: keyOf(record), before: image(record.dynamodb?.OldImage), after, atMs });
  };
  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse, Error, Context>(UNTIL_KILLED)
    .use(injectLambdaContext(logger))
    .use(logMetrics(metrics))
    .handler(async ({ Records }): Promise<DynamoDBBatchResponse> => {
      const changes = Records.map(
        (record): TableChange => ({
          sequenceNumber: record.dynamodb?.SequenceNumber ?? '',
          key: keyOf(record),
          publications: () => publications(record),
        }),
      );
      const { published, failed, refused, resumeAt } = await relay(changes, clock.now() + LONGEST_MS, {
        publisher,
        deadLetter,
      });
      for (const publication of published) measurePublished(publication, clock.now(), outcomeOf?.(publication));
      for (const { code } of refused) measure('CommitsRefused', 1, { reason: code });
      if (refused.length > 0) {
        logger.error('commits that cannot be published are in the dead-letter queue', { refused });
      }
      if (resumeAt === undefined) return { batchItemFailures: [] };
      count('PublishFailures', failed);
      logger.warn('the bus did not take a commit for now: resuming there', { resumeAt });
      return { batchItemFailures: [{ itemIdentifier: resumeAt.sequenceNumber }] };
    });
}

function measurePublished({ metadata }: Publication, nowMs: number, outcome: string | undefined): void {
  measure('FactsPublished', 1, { fact: metadata.type });
  measure('RelayDelay', ageMs(metadata.time, nowMs), {});
  if (outcome !== undefined) measure('SagaOutcomes', 1, { outcome });
}

/** Sends a refused commit's key and reason to a queue. */
export function deadLetterQueue(client: SQSClient, queueUrl: string): (refused: RefusedCommit) => Promise<void> {
  return async ({ key, code, message }) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(key),
        MessageAttributes: {
          reason: { DataType: 'String', StringValue: code },
          error: { DataType: 'String', StringValue: message.slice(0, 1_000) || code },
        },
      }),
    );
  };
}

function image(attributes: Readonly<Record<string, unknown>> | undefined): Readonly<Record<string, unknown>> {
  // Lambda hands over DynamoDB's own JSON; its typing differs from the SDK's in binary values only, which no item has.
  return unmarshall((attributes ?? {}) as Parameters<typeof unmarshall>[0]);
}

function keyOf({ dynamodb }: DynamoDBRecord): CommitKey {
  const { pk, sk } = image(dynamodb?.Keys);
  return { pk: String(pk), sk: Number(sk) };
}
