import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { DeadLetterAttributes } from '../../functions/backbone/dead-letter.ts';
import { uuidV7 } from '../../functions/backbone/ids.ts';
import { SqsSourceQueue } from '../../functions/backbone/sqs-source-queue.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import { invocation } from '../unit/backbone/invocation.ts';
import { clients, unique } from './shop.ts';

const { queues } = clients;

export interface FedQueueProps {
  readonly fifo?: boolean;
  readonly visibilitySeconds?: number;
  /** After so many deliveries SQS moves a message to the dead-letter queue. */
  readonly maxReceiveCount: number;
}

type Handler = (event: SQSEvent, context: Context) => Promise<SQSBatchResponse | undefined>;

/** A queue and its dead-letter queue in SQS, fed to a function in this process as Lambda feeds it. */
export class FedQueue {
  /** What a consumer's function works with. */
  readonly port: SqsSourceQueue;
  readonly #queueUrl: string;
  readonly #deadLetterQueueUrl: string;
  readonly #fifo: boolean;
  readonly #stopping = new AbortController();
  #feeding: Promise<void> = Promise.resolve();

  static async create({ fifo = false, visibilitySeconds = 30, maxReceiveCount }: FedQueueProps): Promise<FedQueue> {
    const name = unique('fed');
    const kind = fifo ? { FifoQueue: 'true' } : {};
    const suffix = fifo ? '.fifo' : '';
    const deadLetterQueueUrl = await create(`${name}-dlq${suffix}`, kind);
    const get = new GetQueueAttributesCommand({ QueueUrl: deadLetterQueueUrl, AttributeNames: ['QueueArn'] });
    const { Attributes } = await queues.send(get);
    const redrive = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount };
    const queueUrl = await create(`${name}${suffix}`, {
      ...kind,
      ...(fifo && { ContentBasedDeduplication: 'true' }),
      VisibilityTimeout: String(visibilitySeconds),
      RedrivePolicy: JSON.stringify(redrive),
    });
    return new FedQueue(queueUrl, deadLetterQueueUrl, fifo);
  }

  constructor(queueUrl: string, deadLetterQueueUrl: string, fifo: boolean) {
    this.#queueUrl = queueUrl;
    this.#deadLetterQueueUrl = deadLetterQueueUrl;
    this.#fifo = fifo;
    this.port = new SqsSourceQueue(queues, { queueUrl, deadLetterQueueUrl, ids: uuidV7 });
  }

  async send(body: string, group?: string): Promise<void> {
    const message = { QueueUrl: this.#queueUrl, MessageBody: body };
    await queues.send(new SendMessageCommand({ ...message, ...(group !== undefined && { MessageGroupId: group }) }));
  }

  /** Feeds batches to a function, one after the other. One that answers nothing has died. */
  feed(handler: Handler): void {
    this.#feeding = this.#feed(handler);
  }

  /** The next dead letter, once there is one; it is gone then. */
  async deadLetter(): Promise<FoundDeadLetter> {
    const take = async () => {
      const [message] = await this.#receive(this.#deadLetterQueueUrl, 1);
      if (message !== undefined) await this.#delete(this.#deadLetterQueueUrl, [message]);
      return message;
    };
    return toDeadLetter(await waitFor('a dead letter', take));
  }

  /** Whether no message is in the queue, delivered or not. */
  async isEmpty(): Promise<boolean> {
    const get = new GetQueueAttributesCommand({ QueueUrl: this.#queueUrl, AttributeNames: ['All'] });
    const { Attributes = {} } = await queues.send(get);
    return [
      Attributes.ApproximateNumberOfMessages,
      Attributes.ApproximateNumberOfMessagesNotVisible,
      Attributes.ApproximateNumberOfMessagesDelayed,
    ].every((count) => count === '0');
  }

  async isDeadLetterQueueEmpty(): Promise<boolean> {
    return (await this.#receive(this.#deadLetterQueueUrl, 1)).length === 0;
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#feeding;
    for (const QueueUrl of [this.#queueUrl, this.#deadLetterQueueUrl]) {
      await queues.send(new DeleteQueueCommand({ QueueUrl }));
    }
  }

  async #feed(handler: Handler): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const messages = await this.#receive(this.#queueUrl, 10, signal).catch((error: unknown) => {
        if (signal.aborted) return [];
        throw error;
      });
      if (messages.length === 0) continue;
      const answer = await handler({ Records: messages.map((message) => this.#toRecord(message)) }, invocation());
      if (answer === undefined) continue;
      const staying = new Set(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const done = messages.filter(({ MessageId = '' }) => !staying.has(MessageId));
      if (done.length > 0) await this.#delete(this.#queueUrl, done);
    }
  }

  async #receive(QueueUrl: string, most: number, abortSignal?: AbortSignal): Promise<readonly Message[]> {
    const { Messages = [] } = await queues.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: most,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
      { ...(abortSignal && { abortSignal }) },
    );
    return Messages;
  }

  async #delete(QueueUrl: string, messages: readonly Message[]): Promise<void> {
    const Entries = messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
    await queues.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }

  #toRecord({
    MessageId = '',
    ReceiptHandle = '',
    Body = '',
    Attributes = {},
    MessageAttributes = {},
  }: Message): SQSRecord {
    const texts = Object.entries(MessageAttributes).map(([name, { StringValue, DataType = 'String' }]) => {
      return [name, { ...(StringValue !== undefined && { stringValue: StringValue }), dataType: DataType }] as const;
    });
    const { ApproximateReceiveCount = '', SentTimestamp = '', ApproximateFirstReceiveTimestamp = '' } = Attributes;
    return {
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      attributes: {
        ...Attributes,
        ApproximateReceiveCount,
        SentTimestamp,
        ApproximateFirstReceiveTimestamp,
        SenderId: '',
      },
      messageAttributes: Object.fromEntries(texts),
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: `arn:aws:sqs:us-east-1:000000000000:fed${this.#fifo ? '.fifo' : ''}`,
      awsRegion: 'us-east-1',
    };
  }
}

export interface FoundDeadLetter {
  readonly body: string;
  readonly attributes: DeadLetterAttributes;
  /** When it came into the dead-letter queue, in milliseconds since 1970. */
  readonly sentMs: number;
  /** Whether SQS put it there, and not its consumer. */
  readonly isMovedBySqs: boolean;
}

/** Reads a message of a dead-letter queue that was received with all its attributes. */
export function toDeadLetter({ Body = '', Attributes = {}, MessageAttributes = {} }: Message): FoundDeadLetter {
  const texts = Object.entries(MessageAttributes).map(([name, { StringValue }]) => [name, StringValue] as const);
  return {
    body: Body,
    attributes: Object.fromEntries(texts),
    sentMs: Number(Attributes.SentTimestamp),
    isMovedBySqs: Attributes.DeadLetterQueueSourceArn !== undefined,
  };
}

async function create(QueueName: string, Attributes: Readonly<Record<string, string>>): Promise<string> {
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName, Attributes: { ...Attributes } }));
  if (QueueUrl === undefined) throw new Error(`the queue ${QueueName} has no address`);
  return QueueUrl;
}
