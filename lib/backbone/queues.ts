import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * The most that SQS keeps anything. It counts from when a message was sent: one that a consumer put here is here for all of
 * it, one that SQS moved here on its last day in a source queue, which keeps it for 4, is here for 10 more.
 */
const DEAD_LETTER_RETENTION = Duration.days(14);

/** A queue that is encrypted with the key that SQS manages, and only reached by TLS. */
export function encryptedQueue(scope: Construct, id: string, props: QueueProps): Queue {
  return new Queue(scope, id, { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, ...props });
}

/** A queue for what could not be handled, or not be delivered. */
export function deadLetterQueue(scope: Construct, id: string, props: Pick<QueueProps, 'queueName' | 'fifo'>): Queue {
  return encryptedQueue(scope, id, { retentionPeriod: DEAD_LETTER_RETENTION, ...props });
}
