import { awsConsumerPorts } from '../backbone/aws-consumer-ports.ts';
import { awsReactorPorts, documentClient } from '../backbone/aws-ports.ts';
import { consumerFunction } from '../backbone/consumer-function.ts';
import { variable } from '../backbone/environment.ts';
import { DynamoDbStandInMemory } from '../backbone/stand-in.ts';
import { paymentsConsumer } from './consumer.ts';
import { providerStandIn } from './provider-stand-in.ts';

const client = documentClient();
const provider = providerStandIn(new DynamoDbStandInMemory(client, variable<'PROVIDER_TABLE'>('PROVIDER_TABLE')));

export const handler = consumerFunction(paymentsConsumer(awsReactorPorts(client), provider), awsConsumerPorts());
