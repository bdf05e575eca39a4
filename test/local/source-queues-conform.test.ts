import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { afterEach } from 'vitest';
import { uuidV7 } from '../../functions/backbone/ids.ts';
import type { DeadLetter } from '../../functions/backbone/source-queue.ts';
import { SqsSourceQueue } from '../../functions/backbone/sqs-source-queue.ts';
import { waitFor } from '../../localstack/shop/wait.ts';
import { type SourceQueueKind, sourceQueueConformance } from '../conformance/source-queue.ts';
import { clients, unique } from './shop.ts';

const { queues } = clients;
const created: string[] = [];

afterEach(async () => {
  for (const QueueUrl of created.splice(0)) await queues.send(new DeleteQueueCommand({ QueueUrl }));
});

sourceQueueConformance('the source queue in SQS', async (kind) => {
  const { fifo, visibilitySeconds, delaySeconds } = kind;
  const name = unique('conformance');
  const queueUrl = await create(name, kind, {
    VisibilityTimeout: String(visibilitySeconds),
    DelaySeconds: String(delaySeconds),
    ...(fifo && { ContentBasedDeduplication: 'true' }),
  });
  const deadLetterQueueUrl = await create(`${name}-dlq`, kind, {});
  return {
    queue: new SqsSourceQueue(queues, { queueUrl, deadLetterQueueUrl, ids: uuidV7 }),
    send: async ({ body, group }) => {
      await queues.send(
        new SendMessageCommand({
          QueueUrl: queueUrl,
          MessageBody: body,
          ...(group !== undefined && { MessageGroupId: group }),
        }),
      );
    },
    receive: async () => {
      const message = await nextOf(queueUrl);
      const { MessageId: messageId = '', ReceiptHandle: receiptHandle = '', Attributes } = message;
      return {
        ...toLetter(message),
        messageId,
        receiptHandle,
        receiveCount: Number(Attributes?.ApproximateReceiveCount),
      };
    },
    receiveDeadLetter: async () => {
      const message = await nextOf(deadLetterQueueUrl);
      const gone = { QueueUrl: deadLetterQueueUrl, ReceiptHandle: message.ReceiptHandle };
      await queues.send(new DeleteMessageCommand(gone));
      return toLetter(message);
    },
    length: () => lengthOf(queueUrl),
    now: () => Date.now(),
  };
});

/** A queue as a subscription's construct makes it. */
async function create(
  name: string,
  { fifo }: SourceQueueKind,
  attributes: Readonly<Record<string, string>>,
): Promise<string> {
  const QueueName = fifo ? `${name}.fifo` : name;
  const Attributes = { ...attributes, ...(fifo && { FifoQueue: 'true' }) };
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName, Attributes }));
  if (QueueUrl === undefined) throw new Error(`the queue ${QueueName} has no address`);
  created.push(QueueUrl);
  return QueueUrl;
}

async function nextOf(QueueUrl: string): Promise<Message> {
  const receive = new ReceiveMessageCommand({
    QueueUrl,
    MaxNumberOfMessages: 1,
    WaitTimeSeconds: 1,
    MessageSystemAttributeNames: ['All'],
    MessageAttributeNames: ['All'],
  });
  return await waitFor(`a message of ${QueueUrl}`, async () => (await queues.send(receive)).Messages?.[0]);
}

function toLetter({ Body = '', MessageAttributes = {}, Attributes }: Message): DeadLetter {
  const texts = Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue] as const);
  const group = Attributes?.MessageGroupId;
  return { body: Body, attributes: Object.fromEntries(texts), ...(group !== undefined && { group }) };
}

async function lengthOf(QueueUrl: string): Promise<number> {
  const { Attributes = {} } = await queues.send(
    new GetQueueAttributesCommand({
      QueueUrl,
      AttributeNames: [
        'ApproximateNumberOfMessages',
        'ApproximateNumberOfMessagesNotVisible',
        'ApproximateNumberOfMessagesDelayed',
      ],
    }),
  );
  return Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
}
