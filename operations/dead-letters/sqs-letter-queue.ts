import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  type SQSClient,
  type Message as SqsMessage,
} from '@aws-sdk/client-sqs';
import { type LetterQueue, MOST_IN_BATCH, type Received } from './letter-queue.ts';

/** Long polling asks all of a queue's servers: only then is an empty answer an empty queue. */
const WAIT_SECONDS = 1;

/** A dead-letter queue in SQS. */
export class SqsLetterQueue implements LetterQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  async receive(seconds: number): Promise<readonly Received[]> {
    const { Messages = [] } = await this.#client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.#url,
        MaxNumberOfMessages: MOST_IN_BATCH,
        WaitTimeSeconds: WAIT_SECONDS,
        VisibilityTimeout: seconds,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    return Messages.map(toReceived);
  }

  async hold(receipts: readonly string[], seconds: number): Promise<readonly string[]> {
    const Entries = receipts.map((ReceiptHandle, n) => ({ Id: String(n), ReceiptHandle, VisibilityTimeout: seconds }));
    const command = new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries });
    const { Failed = [] } = await this.#client.send(command);
    return Failed.flatMap(({ Id }) => receipts[Number(Id)] ?? []);
  }

  async remove(receipts: readonly string[]): Promise<readonly string[]> {
    const Entries = receipts.map((ReceiptHandle, n) => ({ Id: String(n), ReceiptHandle }));
    const { Failed = [] } = await this.#client.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }));
    return Failed.flatMap(({ Id }) => receipts[Number(Id)] ?? []);
  }
}

function toReceived({ MessageId, ReceiptHandle, Body, MessageAttributes, Attributes = {} }: SqsMessage): Received {
  if (MessageId === undefined || ReceiptHandle === undefined) throw new Error('SQS gave a message without an id');
  const { MessageGroupId: group, SequenceNumber: sequenceNumber, SentTimestamp, DeadLetterQueueSourceArn } = Attributes;
  return {
    messageId: MessageId,
    receipt: ReceiptHandle,
    body: Body ?? '',
    attributes: textsOf(MessageAttributes ?? {}),
    sentMs: Number(SentTimestamp),
    isMovedBySqs: DeadLetterQueueSourceArn !== undefined,
    ...(group !== undefined && { group }),
    ...(sequenceNumber !== undefined && { sequenceNumber }),
  };
}

function textsOf(attributes: Readonly<Record<string, MessageAttributeValue>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, { StringValue }]) =>
      StringValue === undefined ? [] : [[name, StringValue]],
    ),
  );
}
