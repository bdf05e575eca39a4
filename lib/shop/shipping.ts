import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { shipping } from '../../functions/shipping/subscriptions.ts';
import { Consumer } from '../backbone/consumer.ts';
import { EventStore } from '../backbone/event-store.ts';
import type { FactBus } from '../backbone/fact-bus.ts';
import { OnDemandTable } from '../backbone/on-demand-table.ts';

/** Dispatches confirmed orders, through a carrier. */
export class Shipping extends Construct {
  readonly store: EventStore;
  readonly consumer: Consumer;

  constructor(scope: Construct, id: string, bus: FactBus) {
    super(scope, id);
    this.store = new EventStore(this, 'Store', { bus, context: 'shipping', source: 'shop.shipping' });
    // The stand-in's memory: goes when a real carrier comes.
    const carrier = new OnDemandTable(this, 'Carrier', {
      name: bus.nameFor('carrier'),
      partitionKey: { name: 'key', type: AttributeType.STRING },
      durability: bus.durability,
    });
    this.consumer = new Consumer(this, 'Consumer', {
      bus,
      subscription: shipping,
      entry: 'functions/shipping/handler.ts',
      environment: { EVENT_STORE_TABLE: this.store.table.tableName, CARRIER_TABLE: carrier.tableName },
    });
    this.store.grantCommit(this.consumer.function);
    carrier.grantOnTable(this.consumer.function, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
  }
}
