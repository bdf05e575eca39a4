import { awsReactorPorts, documentClient } from '../backbone/aws-ports.ts';
import { systemClock } from '../backbone/clock.ts';
import { consumerFunction } from '../backbone/consumer-function.ts';
import { inventoryConsumer } from './consumer.ts';

export const handler = consumerFunction(inventoryConsumer(awsReactorPorts(documentClient())), { clock: systemClock });
