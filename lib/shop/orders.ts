import { Construct } from 'constructs';
import { orders } from '../../functions/orders/subscriptions.ts';
import { Consumer } from '../backbone/consumer.ts';
import { EventStore } from '../backbone/event-store.ts';
import type { FactBus } from '../backbone/fact-bus.ts';

/** Takes orders and sees them through: the saga's state is the order's own stream. */
export class Orders extends Construct {
  readonly store: EventStore;
  readonly consumer: Consumer;

  constructor(scope: Construct, id: string, bus: FactBus) {
    super(scope, id);
    this.store = new EventStore(this, 'Store', { bus, context: 'orders', source: 'shop.orders' });
    this.consumer = new Consumer(this, 'Consumer', {
      bus,
      subscription: orders,
      entry: 'functions/orders/handler.ts',
      environment: { EVENT_STORE_TABLE: this.store.table.tableName },
    });
    this.store.grantCommit(this.consumer.function);
  }
}
