import { Construct } from 'constructs';
import { inventory } from '../../functions/inventory/subscriptions.ts';
import { Consumer } from '../backbone/consumer.ts';
import { EventStore } from '../backbone/event-store.ts';
import type { FactBus } from '../backbone/fact-bus.ts';

/** Holds stock for orders, and lets it go. */
export class Inventory extends Construct {
  readonly store: EventStore;
  readonly consumer: Consumer;

  constructor(scope: Construct, id: string, bus: FactBus) {
    super(scope, id);
    this.store = new EventStore(this, 'Store', {
      bus,
      context: 'inventory',
      source: 'shop.inventory',
      relayEntry: 'functions/inventory/relay-handler.ts',
      // A counter that has come down to nothing: the relay makes StockDepleted of it.
      relayAlso: [{ eventName: ['MODIFY'], dynamodb: { NewImage: { available: { N: ['0'] } } } }],
    });
    this.consumer = new Consumer(this, 'Consumer', {
      bus,
      subscription: inventory,
      entry: 'functions/inventory/handler.ts',
      environment: { EVENT_STORE_TABLE: this.store.table.tableName },
    });
    this.store.grantCommit(this.consumer.function, { counters: true });
  }
}
