import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT } from './aws-ports.ts';
import { systemClock } from './clock.ts';
import { variable } from './environment.ts';
import { EventBridgePublisher } from './eventbridge-publisher.ts';
import { deadLetterQueue, type RelayFunctionPorts } from './relay-function.ts';

/** What a relay works with in its function, by the environment that its construct sets. */
export function awsRelayPorts(): RelayFunctionPorts {
  return {
    source: variable('EVENT_SOURCE'),
    publisher: new EventBridgePublisher(new EventBridgeClient(CLIENT), {
      bus: variable('EVENT_BUS_NAME'),
      clock: systemClock,
    }),
    deadLetter: deadLetterQueue(new SQSClient(CLIENT), variable('RELAY_DLQ_URL')),
    clock: systemClock,
  };
}
