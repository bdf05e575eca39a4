import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type MessageAttributeValue,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { IdGenerator } from './ids.ts';
import type { DeadLetter, SourceQueue } from './source-queue.ts';

export interface SqsSourceQueueProps {
  readonly queueUrl: string;
  readonly deadLetterQueueUrl: string;
  readonly ids: IdGenerator;
}

/** A consumer's queue and dead-letter queue in SQS. */
export class SqsSourceQueue implements SourceQueue {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #deadLetterQueueUrl: string;
  readonly #ids: IdGenerator;

  constructor(client: SQSClient, { queueUrl, deadLetterQueueUrl, ids }: SqsSourceQueueProps) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#deadLetterQueueUrl = deadLetterQueueUrl;
    this.#ids = ids;
  }

  async retryIn(receiptHandle: string, seconds: number): Promise<void> {
    const message = { QueueUrl: this.#queueUrl, ReceiptHandle: receiptHandle };
    await this.#client.send(new ChangeMessageVisibilityCommand({ ...message, VisibilityTimeout: seconds }));
  }

  async sendAgain({ body, attributes }: DeadLetter, seconds: number): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#queueUrl,
        MessageBody: body,
        MessageAttributes: textAttributes(attributes),
        // Always given: without it the queue's own delay holds, and a deadline would be held back for all of it again.
        DelaySeconds: seconds,
      }),
    );
  }

  async quarantine({ body, attributes, group }: DeadLetter): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#deadLetterQueueUrl,
        MessageBody: body,
        MessageAttributes: textAttributes(attributes),
        ...(group !== undefined && {
          MessageGroupId: group,
          // Never the same: a message that was redriven and failed again within 5 minutes would be dropped as a duplicate.
          MessageDeduplicationId: this.#ids.next(),
        }),
      }),
    );
  }

  async acknowledge(receiptHandle: string): Promise<void> {
    await this.#client.send(new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle: receiptHandle }));
  }
}

function textAttributes(attributes: Readonly<Record<string, string>>): Record<string, MessageAttributeValue> {
  const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, text(value)]));
}
