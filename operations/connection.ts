import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DescribeEventBusCommand, EventBridgeClient, ResourceNotFoundException } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { documentClient } from '../functions/backbone/aws-ports.ts';
import { busNameOf } from './catalogue.ts';
import { notFound, OperatorError, wrongUse } from './failure.ts';

/** Where to connect to. What is not given is taken from the environment and from AWS's own files, as any SDK does. */
export interface Destination {
  readonly stage: string;
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  /** The local AWS that this repository brings up. */
  readonly local?: boolean;
}

/** SDK clients of one place. */
export interface Clients {
  readonly events: EventBridgeClient;
  readonly queues: SQSClient;
  /** Repeats nothing by itself: a message that is sent again is there twice. */
  readonly queuesOnce: SQSClient;
  readonly documents: DynamoDBDocumentClient;
}

/** A stage that was found. */
export interface Connection {
  readonly stage: string;
  readonly busName: string;
  readonly busArn: string;
  readonly account: string;
  readonly region: string;
  /** Other than AWS's own, where one is used. */
  readonly endpoint: string | undefined;
  readonly clients: Clients;
}

type Configuration = Readonly<{
  region?: string;
  profile?: string;
  endpoint?: string;
  credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}>;

/** A call that hangs is given up; a long poll takes a second. */
const REQUEST = { requestHandler: { connectionTimeout: 3_000, requestTimeout: 15_000 } } as const;

/**
 * Connects to a stage, by asking for its bus.
 *
 * @throws OperatorError when there is nothing to connect to, or no such stage
 */
export async function connect(destination: Destination, environment: NodeJS.ProcessEnv): Promise<Connection> {
  const configuration = await configurationOf(destination);
  const config = { ...REQUEST, ...configuration };
  const events = new EventBridgeClient(config);
  const busName = busNameOf(destination.stage);
  const endpoint = configuration.endpoint ?? (environment.AWS_ENDPOINT_URL || undefined);
  const busArn = await arnOf(busName, events, destination.stage, endpoint);
  const [, , , region = '', account = ''] = busArn.split(':');
  const clients = {
    events,
    queues: new SQSClient(config),
    queuesOnce: new SQSClient({ ...config, maxAttempts: 1 }),
    documents: documentClient(new DynamoDBClient(config)),
  };
  return { stage: destination.stage, busName, busArn, account, region, endpoint, clients };
}

/** Where one is connected, on one line. */
export function describeConnection({ stage, busName, account, region, endpoint }: Connection): string {
  return [`bus ${busName}`, `stage ${stage}`, `account ${account}`, region, ...(endpoint ? [endpoint] : [])].join(
    ' · ',
  );
}

async function configurationOf({ profile, region, endpointUrl, local }: Destination): Promise<Configuration> {
  if (local !== true) {
    return { ...(profile && { profile }), ...(region && { region }), ...(endpointUrl && { endpoint: endpointUrl }) };
  }
  if (endpointUrl !== undefined || profile !== undefined) {
    throw wrongUse('--local says where to connect to: leave --endpoint-url and --profile out.');
  }
  const { localAwsClientConfig, status } = await import('../localstack/local-aws.ts');
  const { running, endpoint } = await status();
  if (!running) throw notFound(`There is no local AWS at ${endpoint}.`, 'Start one: npm run local:up');
  return localAwsClientConfig(endpoint);
}

async function arnOf(
  busName: string,
  events: EventBridgeClient,
  stage: string,
  endpoint: string | undefined,
): Promise<string> {
  try {
    const { Arn } = await events.send(new DescribeEventBusCommand({ Name: busName }));
    if (Arn === undefined) throw new Error(`EventBridge names no ARN of the bus ${busName}`);
    return Arn;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) {
      throw notFound(
        `There is no bus ${busName} ${endpoint === undefined ? 'in this account and region' : `at ${endpoint}`}: the stage ${stage} is not deployed there.`,
        'Another stage: --stage <name>; another place: --profile, --region, --endpoint-url or --local.',
      );
    }
    throw new OperatorError(`Cannot connect${endpoint === undefined ? '' : ` to ${endpoint}`}.`, {
      remedies: remediesFor(error),
      cause: error,
    });
  }
}

function remediesFor(error: unknown): readonly string[] {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (message.includes('Region is missing'))
    return ['Give a region: --region eu-central-1, AWS_REGION, or a profile that has one.'];
  if (
    name.startsWith('Credentials') ||
    name === 'TokenProviderError' ||
    /^(ExpiredToken|UnrecognizedClient)/.test(name)
  ) {
    return ['Log in, or name a profile: aws sso login, --profile <name>. For the local AWS: --local.'];
  }
  if (name.startsWith('AccessDenied'))
    return ['The role must be allowed events:DescribeEventBus; docs/operating.md lists what it needs.'];
  return ['Is the address right, and does it answer? For the local AWS: npm run local:up, then --local.'];
}
