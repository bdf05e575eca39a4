import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESClient } from '@aws-sdk/client-ses';
import { documentClient } from '../backbone/aws-ports.ts';
import { systemClock } from '../backbone/clock.ts';
import { consumerFunction } from '../backbone/consumer-function.ts';
import { variable } from '../backbone/environment.ts';
import { EventBridgePublisher } from '../backbone/eventbridge-publisher.ts';
import { logger } from '../backbone/observability.ts';
import { notificationsConsumer } from './consumer.ts';
import { DynamoDbContacts } from './contacts.ts';
import { DynamoDbCustomers } from './customers.ts';
import { SesMailer } from './mailer.ts';

const client = new DynamoDBClient({});
const documents = documentClient(client);

const consumer = notificationsConsumer({
  contacts: new DynamoDbContacts(documents, variable('CONTACTS_TABLE')),
  customers: new DynamoDbCustomers(documents, variable('READ_MODEL_TABLE')),
  mailer: new SesMailer(new SESClient({}), variable('MAIL_FROM')),
  publisher: new EventBridgePublisher(new EventBridgeClient({}), {
    bus: variable('EVENT_BUS_NAME'),
    clock: systemClock,
  }),
  records: new DynamoDBPersistenceLayer({ tableName: variable('IDEMPOTENCY_TABLE'), awsSdkV3Client: client }),
  clock: systemClock,
  actOnOldEvents: process.env.ACT_ON_OLD_EVENTS === 'true',
  skipped: ({ metadata: { id, type } }, why) => logger.warn('not acted upon', { eventId: id, type, why }),
  unreachable: (customerId, template) => logger.warn('the customer has no contact', { customerId, template }),
});

export const handler = consumerFunction(consumer, { clock: systemClock });
