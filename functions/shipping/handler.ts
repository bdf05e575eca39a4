import { awsConsumerPorts } from '../backbone/aws-consumer-ports.ts';
import { awsReactorPorts, documentClient } from '../backbone/aws-ports.ts';
import { consumerFunction } from '../backbone/consumer-function.ts';
import { variable } from '../backbone/environment.ts';
import { DynamoDbStandInMemory } from '../backbone/stand-in.ts';
import { carrierStandIn } from './carrier-stand-in.ts';
import { shippingConsumer } from './consumer.ts';

const client = documentClient();
const carrier = carrierStandIn(new DynamoDbStandInMemory(client, variable<'CARRIER_TABLE'>('CARRIER_TABLE')));

export const handler = consumerFunction(shippingConsumer(awsReactorPorts(client), carrier), awsConsumerPorts());
