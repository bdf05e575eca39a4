import { awsConsumerPorts } from '../backbone/aws-consumer-ports.ts';
import { documentClient } from '../backbone/aws-ports.ts';
import { consumerFunction } from '../backbone/consumer-function.ts';
import { DynamoDbReadModel } from '../backbone/dynamodb-read-model.ts';
import { variable } from '../backbone/environment.ts';
import { orderViewConsumer } from './consumer.ts';
import { generationNamed, orderViewOf } from './generations.ts';
import { orderView } from './subscriptions.ts';

const readModel = new DynamoDbReadModel(documentClient(), { table: variable('READ_MODEL_TABLE'), key: 'orderId' });

// Whoever is fed something else is refused by the name of the first.
const generation = generationNamed(variable('SUBSCRIPTION'));
const subscription = generation === undefined ? orderView : orderViewOf(generation);

export const handler = consumerFunction(orderViewConsumer(readModel, subscription), awsConsumerPorts());
