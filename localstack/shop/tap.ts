import { randomUUID } from 'node:crypto';
import {
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { Metadata } from '../../functions/backbone/envelope.ts';
import { parseEnvelope } from '../../functions/backbone/envelope.ts';
import type { Clients } from './clients.ts';

/** An event as it passed on the bus. */
export interface Tapped {
  readonly metadata: Metadata;
  readonly data: unknown;
}

/** A rule and a queue of one's own on a bus, through which everything that passes can be watched. */
export interface Tap {
  /** What has passed since the last call; waits up to a second for the first. */
  next(): Promise<readonly Tapped[]>;
  /** Takes rule and queue away. */
  close(): Promise<void>;
}

/** Opens a tap on all events whose source starts with `shop.`. */
export async function openTap({ events, queues }: Clients, busName: string): Promise<Tap> {
  const name = `${busName}-tap-${randomUUID()}`;
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes } = await queues.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const queueArn = Attributes?.QueueArn;
  if (QueueUrl === undefined || queueArn === undefined) throw new Error(`the queue ${name} has no address`);
  const policy = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
    },
  };
  await queues.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify(policy) } }));
  const rule = { Name: name, EventBusName: busName, EventPattern: JSON.stringify({ source: [{ prefix: 'shop.' }] }) };
  await events.send(new PutRuleCommand(rule));
  await events.send(
    new PutTargetsCommand({ Rule: name, EventBusName: busName, Targets: [{ Id: 'tap', Arn: queueArn }] }),
  );
  return {
    async next() {
      const receive = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
      const { Messages = [] } = await queues.send(new ReceiveMessageCommand(receive));
      if (Messages.length === 0) return [];
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: String(n), ReceiptHandle }));
      await queues.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      return Messages.map(({ Body = '' }) => {
        const { data, delivery } = parseEnvelope(Body);
        return { metadata: delivery.metadata, data };
      });
    },
    async close() {
      await events.send(new RemoveTargetsCommand({ Rule: name, EventBusName: busName, Ids: ['tap'] }));
      await events.send(new DeleteRuleCommand({ Name: name, EventBusName: busName }));
      await queues.send(new DeleteQueueCommand({ QueueUrl }));
    },
  };
}
