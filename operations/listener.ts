import {
  DeleteRuleCommand,
  type EventBridgeClient,
  ListRulesCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';

/** Where a listener is put up. */
export interface Place {
  readonly events: EventBridgeClient;
  readonly queues: SQSClient;
  readonly busName: string;
  readonly busArn: string;
}

/** A rule and a queue of one's own on a bus: what matches the rule comes into the queue, and nobody else notices. */
export interface Listener {
  readonly ruleArn: string;
  readonly queueUrl: string;
  /** Takes rule and queue away. */
  close(): Promise<void>;
}

/** What nobody fetched within a day is gone: so a listener that was left behind costs nothing. */
const RETENTION_SECONDS = 86_400;

const TARGET = 'listener';

/**
 * Puts up a listener. Whatever fails, nothing of it is left behind.
 *
 * @param name of the rule, which the bus has no other of: up to 38 letters, digits and hyphens
 * @param pattern EventBridge's
 */
export async function listen(
  place: Place,
  name: string,
  pattern: Readonly<Record<string, unknown>>,
  description: string,
): Promise<Listener> {
  const { events, queues, busName, busArn } = place;
  const ruleArn = `${busArn.replace(':event-bus/', ':rule/')}/${name}`;
  const queueName = queueNameOf(busName, name);
  const queueArn = busArn.replace(':events:', ':sqs:').replace(/:event-bus\/.*$/, `:${queueName}`);
  const policy = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    },
  };
  const { QueueUrl: queueUrl } = await queues.send(
    new CreateQueueCommand({
      QueueName: queueName,
      Attributes: { MessageRetentionPeriod: String(RETENTION_SECONDS), Policy: JSON.stringify(policy) },
    }),
  );
  if (queueUrl === undefined) throw new Error(`the queue ${queueName} has no address`);
  try {
    const rule = { Name: name, EventBusName: busName, EventPattern: JSON.stringify(pattern), Description: description };
    await events.send(new PutRuleCommand(rule));
    const Targets = [{ Id: TARGET, Arn: queueArn }];
    const { FailedEntries = [] } = await events.send(
      new PutTargetsCommand({ Rule: name, EventBusName: busName, Targets }),
    );
    if (FailedEntries.length > 0) throw new Error(`the rule ${name} took no target: ${FailedEntries[0]?.ErrorMessage}`);
  } catch (error) {
    await removeListener(place, name);
    throw error;
  }
  return { ruleArn, queueUrl, close: () => removeListener(place, name) };
}

/** Takes a listener away, as far as it is there. */
export async function removeListener({ events, queues, busName }: Place, name: string): Promise<void> {
  await whereItIs(async () => {
    await events.send(new RemoveTargetsCommand({ Rule: name, EventBusName: busName, Ids: [TARGET] }));
  });
  await whereItIs(async () => {
    await events.send(new DeleteRuleCommand({ Name: name, EventBusName: busName }));
  });
  await whereItIs(async () => {
    const { QueueUrl } = await queues.send(new GetQueueUrlCommand({ QueueName: queueNameOf(busName, name) }));
    await queues.send(new DeleteQueueCommand({ QueueUrl }));
  });
}

/** The names of the listeners on a bus that begin so. */
export async function listenersOn(
  { events, busName }: Pick<Place, 'events' | 'busName'>,
  prefix: string,
): Promise<readonly string[]> {
  const names: string[] = [];
  let NextToken: string | undefined;
  do {
    const page = await events.send(
      new ListRulesCommand({ EventBusName: busName, NamePrefix: prefix, ...(NextToken && { NextToken }) }),
    );
    names.push(...(page.Rules ?? []).flatMap(({ Name }) => Name ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return names;
}

function queueNameOf(busName: string, name: string): string {
  return `${busName}-${name}`;
}

async function whereItIs(remove: () => Promise<void>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (error instanceof ResourceNotFoundException || error instanceof QueueDoesNotExist) return;
    throw error;
  }
}
