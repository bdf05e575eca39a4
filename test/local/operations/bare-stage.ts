import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateTableCommand, DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventBusCommand, DeleteEventBusCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
} from '@aws-sdk/client-sqs';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { clients, unique } from '../shop.ts';

/** A stage that is nothing but a bus, queues and tables: what comes into a queue stays there, for no function takes it. */
export interface BareStage {
  readonly stage: string;
  readonly busName: string;
  /** Where commands keep their journals. */
  readonly environment: Readonly<Record<string, string>>;
  queueUrl(name: string): string;
  tableName(context: string): string;
  remove(): Promise<void>;
}

/** Makes a stage with these queues and tables, named as the constructs name them. */
export async function bareStage(queues: readonly string[], contexts: readonly string[] = []): Promise<BareStage> {
  const stage = unique('bare').replace(/-$/, '');
  const busName = `factbus-${stage}`;
  const urls = new Map<string, string>();
  await clients.events.send(new CreateEventBusCommand({ Name: busName }));
  for (const name of queues) {
    const { QueueUrl = '' } = await clients.queues.send(new CreateQueueCommand({ QueueName: `${busName}-${name}` }));
    urls.set(name, QueueUrl);
  }
  const tableName = (context: string) => `${busName}-${context}`;
  for (const context of contexts) {
    await clients.documents.send(
      new CreateTableCommand({
        TableName: tableName(context),
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'N' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
  }
  const state = mkdtempSync(path.join(tmpdir(), 'factbus-state-'));
  return {
    stage,
    busName,
    environment: { FACTBUS_STATE: state },
    queueUrl: (name) => {
      const url = urls.get(name);
      if (url === undefined) throw new Error(`the stage has no queue ${name}`);
      return url;
    },
    tableName,
    async remove() {
      rmSync(state, { recursive: true, force: true });
      for (const QueueUrl of urls.values()) await clients.queues.send(new DeleteQueueCommand({ QueueUrl }));
      for (const context of contexts)
        await clients.documents.send(new DeleteTableCommand({ TableName: tableName(context) }));
      await clients.events.send(new DeleteEventBusCommand({ Name: busName }));
    },
  };
}

export interface ToSend {
  readonly body: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** Puts messages into a queue. */
export async function fill(QueueUrl: string, messages: readonly ToSend[]): Promise<void> {
  const text = (StringValue: string): MessageAttributeValue => ({ DataType: 'String', StringValue });
  for (let at = 0; at < messages.length; at += 10) {
    const Entries = messages.slice(at, at + 10).map(({ body, attributes = {} }, n) => ({
      Id: String(n),
      MessageBody: body,
      MessageAttributes: Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, text(value)])),
    }));
    await clients.queues.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  }
}

/** Takes everything out of a queue. */
export async function drain(QueueUrl: string): Promise<readonly Message[]> {
  const all: Message[] = [];
  while (true) {
    const { Messages = [] } = await clients.queues.send(
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    if (Messages.length === 0) return all;
    all.push(...Messages);
    const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
    await clients.queues.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}

/** Puts commits into a table, past every condition. */
export async function putCommits(
  TableName: string,
  items: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  for (const Item of items) await clients.documents.send(new PutCommand({ TableName, Item }));
}
