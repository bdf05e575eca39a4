import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { logMetrics } from '@aws-lambda-powertools/metrics/middleware';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import middy from '@middy/core';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { Clock } from './clock.ts';
import { type CommitItem, toCommit } from './dynamodb-event-store.ts';
import { logger, metrics } from './observability.ts';
import type { Publication, Publisher } from './publisher.ts';
import { type CommitKey, publicationsOf, type RefusedCommit, relay, type TableChange } from './relay.ts';

/** An item before and after a change that is no new commit. */
export interface ItemChange {
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

export interface RelayFunctionProps {
  /** The only source that the relay may publish under. */
  readonly source: string;
  readonly publisher: Publisher;
  readonly deadLetter: (refused: RefusedCommit) => Promise<void>;
  readonly clock: Clock;
  /**
   * Facts that follow from a changed item rather than from a commit.
   *
   * @default none
   */
  readonly derive?: (change: ItemChange) => readonly Publication[];
}

/** What is thrown out of an event source mapping's hands is retried by it; within a call we try for this long. */
const LONGEST_MS = 5_000;

/** The function behind an event store's table stream. */
export function relayFunction({ source, publisher, deadLetter, clock, derive = () => [] }: RelayFunctionProps) {
  const publications = (record: DynamoDBRecord): readonly Publication[] => {
    const after = image(record.dynamodb?.NewImage);
    if (record.eventName === 'INSERT') return publicationsOf(toCommit(after as CommitItem), source);
    return derive({ before: image(record.dynamodb?.OldImage), after });
  };
  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse, Error, Context>()
    .use(injectLambdaContext(logger))
    .use(logMetrics(metrics))
    .handler(async ({ Records }): Promise<DynamoDBBatchResponse> => {
      const changes = Records.map(
        (record): TableChange => ({
          sequenceNumber: record.dynamodb?.SequenceNumber ?? '',
          key: image(record.dynamodb?.Keys) as unknown as CommitKey,
          publications: () => publications(record),
        }),
      );
      const { published, refused, resumeAt } = await relay(changes, clock.now() + LONGEST_MS, { publisher, deadLetter });
      metrics.addMetric('FactsPublished', MetricUnit.Count, published);
      if (refused.length > 0) {
        metrics.addMetric('CommitsRefused', MetricUnit.Count, refused.length);
        logger.error('commits that cannot be published are in the dead-letter queue', { refused });
      }
      if (resumeAt === undefined) return { batchItemFailures: [] };
      metrics.addMetric('PublishFailures', MetricUnit.Count, 1);
      logger.warn('the bus did not take a commit for now: resuming there', { resumeAt });
      return { batchItemFailures: [{ itemIdentifier: resumeAt.sequenceNumber }] };
    });
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
