import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT } from './aws-ports.ts';
import { systemClock } from './clock.ts';
import type { ConsumerPorts } from './consumer-function.ts';
import { positiveNumber, variable } from './environment.ts';
import { uuidV7 } from './ids.ts';
import { SqsSourceQueue } from './sqs-source-queue.ts';

/** What a consumer's function works with, by the environment that its construct sets. */
export function awsConsumerPorts(): ConsumerPorts {
  return {
    clock: systemClock,
    queue: new SqsSourceQueue(new SQSClient(CLIENT), {
      queueUrl: variable('QUEUE_URL'),
      deadLetterQueueUrl: variable('DEAD_LETTER_QUEUE_URL'),
      ids: uuidV7,
    }),
    retry: {
      baseSeconds: positiveNumber('RETRY_BASE_SECONDS'),
      capSeconds: positiveNumber('RETRY_CAP_SECONDS'),
      attempts: positiveNumber('RETRY_ATTEMPTS'),
    },
  };
}
