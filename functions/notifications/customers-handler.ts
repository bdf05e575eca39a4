import { awsConsumerPorts } from '../backbone/aws-consumer-ports.ts';
import { documentClient } from '../backbone/aws-ports.ts';
import { consumerFunction } from '../backbone/consumer-function.ts';
import { DynamoDbReadModel } from '../backbone/dynamodb-read-model.ts';
import { variable } from '../backbone/environment.ts';
import { orderCustomersConsumer } from './customers-consumer.ts';

const readModel = new DynamoDbReadModel(documentClient(), { table: variable('READ_MODEL_TABLE'), key: 'orderId' });

export const handler = consumerFunction(orderCustomersConsumer(readModel), awsConsumerPorts());
