import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { payments } from '../../functions/payments/subscriptions.ts';
import { Consumer } from '../backbone/consumer.ts';
import { EventStore } from '../backbone/event-store.ts';
import type { FactBus } from '../backbone/fact-bus.ts';
import { OnDemandTable } from '../backbone/on-demand-table.ts';
import { WITHIN_THE_DEADLINE } from './within-the-deadline.ts';

/** Charges and refunds, through a payment provider. */
export class Payments extends Construct {
  readonly store: EventStore;
  readonly consumer: Consumer;

  constructor(scope: Construct, id: string, bus: FactBus) {
    super(scope, id);
    this.store = new EventStore(this, 'Store', { bus, context: 'payments', source: 'shop.payments' });
    // The stand-in's memory: goes when a real provider comes.
    const provider = new OnDemandTable(this, 'Provider', {
      name: bus.nameFor('payment-provider'),
      partitionKey: { name: 'key', type: AttributeType.STRING },
      durability: bus.durability,
    });
    this.consumer = new Consumer(this, 'Consumer', {
      bus,
      subscription: payments,
      entry: 'functions/payments/handler.ts',
      retry: WITHIN_THE_DEADLINE,
      environment: { EVENT_STORE_TABLE: this.store.table.tableName, PROVIDER_TABLE: provider.tableName },
    });
    this.store.grantCommit(this.consumer.function);
    provider.grantOnTable(this.consumer.function, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }
}
