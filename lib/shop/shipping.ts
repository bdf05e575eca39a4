import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { shipping, shippingDeadline } from '../../functions/shipping/subscriptions.ts';
import { DEFAULT_TIMEOUT } from '../backbone/backbone-function.ts';
import { Consumer } from '../backbone/consumer.ts';
import { EventStore } from '../backbone/event-store.ts';
import type { FactBus } from '../backbone/fact-bus.ts';
import { OnDemandTable } from '../backbone/on-demand-table.ts';
import type { Deadlines } from '../stage.ts';
import { WITHIN_THE_DEADLINE } from './within-the-deadline.ts';

/** Dispatches confirmed orders, through a carrier. */
export class Shipping extends Construct {
  readonly store: EventStore;
  readonly consumer: Consumer;
  /** Gives up what is not dispatched in time. */
  readonly deadlineConsumer: Consumer;

  constructor(scope: Construct, id: string, bus: FactBus, deadlines: Pick<Deadlines, 'shipping'>) {
    super(scope, id);
    this.store = new EventStore(this, 'Store', { bus, context: 'shipping', source: 'shop.shipping' });
    // The stand-in's memory: goes when a real carrier comes.
    const carrier = new OnDemandTable(this, 'Carrier', {
      name: bus.nameFor('carrier'),
      partitionKey: { name: 'key', type: AttributeType.STRING },
      durability: bus.durability,
    });
    const environment = { EVENT_STORE_TABLE: this.store.table.tableName, CARRIER_TABLE: carrier.tableName };
    // One for both: the deadline waits for its own time-out before it takes a dispatch of the other for ended.
    const timeout = DEFAULT_TIMEOUT;
    this.consumer = new Consumer(this, 'Consumer', {
      bus,
      subscription: shipping,
      entry: 'functions/shipping/handler.ts',
      retry: WITHIN_THE_DEADLINE,
      timeout,
      environment,
    });
    this.deadlineConsumer = new Consumer(this, 'DeadlineConsumer', {
      bus,
      subscription: shippingDeadline,
      service: shipping.name,
      entry: 'functions/shipping/deadline-handler.ts',
      timeout,
      delay: deadlines.shipping,
      environment,
    });
    for (const consumer of [this.consumer, this.deadlineConsumer]) {
      this.store.grantCommit(consumer.function);
      carrier.grantOnTable(consumer.function, 'dynamodb:GetItem', 'dynamodb:UpdateItem');
    }
  }
}
