import { Stack } from 'aws-cdk-lib';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { notifications, orderCustomers } from '../../functions/notifications/subscriptions.ts';
import { Consumer } from '../backbone/consumer.ts';
import type { FactBus } from '../backbone/fact-bus.ts';
import { OnDemandTable } from '../backbone/on-demand-table.ts';

const SOURCE = 'shop.notifications';

/**
 * Tells customers by mail.
 *
 * SES sends from an identity that is verified, which is no part of the stack: it belongs to the account, all stages may
 * send from one, and its owner has to agree (`aws ses verify-email-identity`). Until an account is let out of SES's
 * sandbox, recipients have to be verified as well, and to be granted: the role may send from `mailFrom` alone.
 *
 * @see https://docs.aws.amazon.com/ses/latest/dg/request-production-access.html
 */
export class Notifications extends Construct {
  /** The contact vault: customers' addresses, which no other context may read. */
  readonly contacts: OnDemandTable;
  readonly consumer: Consumer;
  /** Keeps whose order it is. */
  readonly customersConsumer: Consumer;

  /** @param mailFrom the address that mail is sent from */
  constructor(scope: Construct, id: string, bus: FactBus, mailFrom: string) {
    super(scope, id);
    this.contacts = new OnDemandTable(this, 'Contacts', {
      name: bus.nameFor('contacts'),
      partitionKey: { name: 'customerId', type: AttributeType.STRING },
      durability: bus.durability,
    });
    const records = new OnDemandTable(this, 'Idempotency', {
      name: bus.nameFor('notifications'),
      partitionKey: { name: 'id', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiration',
      durability: bus.durability,
    });
    const customers = new OnDemandTable(this, 'Customers', {
      name: bus.nameFor(orderCustomers.name),
      partitionKey: { name: 'orderId', type: AttributeType.STRING },
      durability: bus.durability,
    });
    this.customersConsumer = new Consumer(this, 'CustomersConsumer', {
      bus,
      subscription: orderCustomers,
      service: notifications.name,
      entry: 'functions/notifications/customers-handler.ts',
      environment: { READ_MODEL_TABLE: customers.tableName },
    });
    customers.grantOnTable(this.customersConsumer.function, 'dynamodb:UpdateItem');

    this.consumer = new Consumer(this, 'Consumer', {
      bus,
      subscription: notifications,
      entry: 'functions/notifications/handler.ts',
      environment: {
        CONTACTS_TABLE: this.contacts.tableName,
        IDEMPOTENCY_TABLE: records.tableName,
        READ_MODEL_TABLE: customers.tableName,
        MAIL_FROM: mailFrom,
        EVENT_BUS_NAME: bus.eventBus.eventBusName,
      },
    });
    const { function: sender } = this.consumer;
    this.contacts.grantOnTable(sender, 'dynamodb:GetItem');
    customers.grantOnTable(sender, 'dynamodb:GetItem');
    // What Powertools does with its records.
    records.grantOnTable(sender, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem');
    bus.grantPublish(sender, SOURCE);

    // An identity is an address or its whole domain: SES checks the one that is verified.
    const [, domain = ''] = mailFrom.split('@');
    const identities = [mailFrom, domain].map((resourceName) => {
      return Stack.of(this).formatArn({ service: 'ses', resource: 'identity', resourceName });
    });
    sender.addToRolePolicy(
      new PolicyStatement({
        actions: ['ses:SendEmail'],
        resources: identities,
        conditions: { StringEquals: { 'ses:FromAddress': mailFrom } },
      }),
    );
  }
}
