import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESClient } from '@aws-sdk/client-ses';
import { awsConsumerPorts } from '../backbone/aws-consumer-ports.ts';
import { CLIENT, documentClient } from '../backbone/aws-ports.ts';
import { systemClock } from '../backbone/clock.ts';
import { consumerFunction } from '../backbone/consumer-function.ts';
import { variable } from '../backbone/environment.ts';
import { EventBridgePublisher } from '../backbone/eventbridge-publisher.ts';
import { logger, logKeysOf } from '../backbone/observability.ts';
import { notificationsConsumer } from './consumer.ts';
import { DynamoDbContacts } from './contacts.ts';
import { DynamoDbCustomers } from './customers.ts';
import { SesMailer } from './mailer.ts';

const client = new DynamoDBClient(CLIENT);
const documents = documentClient(client);

const consumer = notificationsConsumer({
  contacts: new DynamoDbContacts(documents, variable<'CONTACTS_TABLE'>('CONTACTS_TABLE')),
  customers: new DynamoDbCustomers(documents, variable('READ_MODEL_TABLE')),
  mailer: new SesMailer(new SESClient(CLIENT), variable<'MAIL_FROM'>('MAIL_FROM')),
  publisher: new EventBridgePublisher(new EventBridgeClient(CLIENT), {
    bus: variable('EVENT_BUS_NAME'),
    clock: systemClock,
  }),
  records: new DynamoDBPersistenceLayer({ tableName: variable('IDEMPOTENCY_TABLE'), awsSdkV3Client: client }),
  clock: systemClock,
  actOnOldEvents: process.env.ACT_ON_OLD_EVENTS === 'true',
  skipped: (fact, why) => logger.warn('not acted upon', { ...logKeysOf(fact), why }),
  unreachable: (fact, customerId) => logger.warn('the customer has no contact', { ...logKeysOf(fact), customerId }),
});

export const handler = consumerFunction(consumer, awsConsumerPorts());
