import { GetQueueAttributesCommand, GetQueueUrlCommand, QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import { notFound } from '../failure.ts';

/** A queue that is there. */
export interface FoundQueue {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly isFifo: boolean;
  /** How many messages wait in it, as far as SQS knows: it takes up to a minute to know. */
  readonly depth: number;
  /** How many are held by somebody. */
  readonly held: number;
  /** How long it holds back what is new, in seconds. */
  readonly delaySeconds: number;
}

/** Finds a queue by its name without the `.fifo` that it may have. */
export async function findQueue(client: SQSClient, name: string): Promise<FoundQueue | undefined> {
  for (const isFifo of [false, true]) {
    const fullName = isFifo ? `${name}.fifo` : name;
    const url = await urlOf(client, fullName);
    if (url === undefined) continue;
    const { Attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    return {
      name: fullName,
      url,
      arn: Attributes.QueueArn ?? '',
      isFifo,
      depth: Number(Attributes.ApproximateNumberOfMessages ?? 0),
      held: Number(Attributes.ApproximateNumberOfMessagesNotVisible ?? 0),
      delaySeconds: Number(Attributes.DelaySeconds ?? 0),
    };
  }
  return undefined;
}

/**
 * Finds a queue that must be there.
 *
 * @throws OperatorError when it is not
 */
export async function requireQueue(client: SQSClient, name: string): Promise<FoundQueue> {
  const queue = await findQueue(client, name);
  if (queue !== undefined) return queue;
  throw notFound(`The queue ${name} is not there: is this version deployed to the stage?`);
}

async function urlOf(client: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await client.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}
