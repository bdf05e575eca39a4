import { awsConsumerPorts } from '../backbone/aws-consumer-ports.ts';
import { awsReactorPorts, documentClient } from '../backbone/aws-ports.ts';
import { consumerFunction } from '../backbone/consumer-function.ts';
import { ordersSettlementConsumer } from './consumer.ts';

export const handler = consumerFunction(
  ordersSettlementConsumer(awsReactorPorts(documentClient())),
  awsConsumerPorts(),
);
