import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { systemClock } from './clock.ts';
import { variable } from './environment.ts';
import { EventBridgePublisher } from './eventbridge-publisher.ts';
import { deadLetterQueue, relayFunction } from './relay-function.ts';

export const handler = relayFunction({
  source: variable('EVENT_SOURCE'),
  publisher: new EventBridgePublisher(new EventBridgeClient({}), { bus: variable('EVENT_BUS_NAME'), clock: systemClock }),
  deadLetter: deadLetterQueue(new SQSClient({}), variable('RELAY_DLQ_URL')),
  clock: systemClock,
});
