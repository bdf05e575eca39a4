import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESClient } from '@aws-sdk/client-ses';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type LocalAws, localAwsClientConfig } from '../local-aws.ts';

/** SDK clients of a local AWS. */
export interface Clients {
  readonly events: EventBridgeClient;
  readonly queues: SQSClient;
  readonly mail: SESClient;
  readonly documents: DynamoDBDocumentClient;
  readonly endpoint: string;
}

/** Clients for what `up` brought up, whatever the environment says. */
export function clientsOf({ endpoint }: Pick<LocalAws, 'endpoint'>): Clients {
  const config = localAwsClientConfig(endpoint);
  return {
    events: new EventBridgeClient(config),
    queues: new SQSClient(config),
    mail: new SESClient(config),
    documents: DynamoDBDocumentClient.from(new DynamoDBClient(config)),
    endpoint,
  };
}
