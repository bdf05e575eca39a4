import { awsReactorPorts, documentClient } from '../backbone/aws-ports.ts';
import { systemClock } from '../backbone/clock.ts';
import { consumerFunction } from '../backbone/consumer-function.ts';
import { ordersConsumer } from './consumer.ts';

export const handler = consumerFunction(ordersConsumer(awsReactorPorts(documentClient())), { clock: systemClock });
