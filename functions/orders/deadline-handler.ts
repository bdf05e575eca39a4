import { awsConsumerPorts } from '../backbone/aws-consumer-ports.ts';
import { awsReactorPorts, documentClient } from '../backbone/aws-ports.ts';
import { consumerFunction } from '../backbone/consumer-function.ts';
import { ordersDeadlineConsumer } from './consumer.ts';

export const handler = consumerFunction(ordersDeadlineConsumer(awsReactorPorts(documentClient())), awsConsumerPorts());
