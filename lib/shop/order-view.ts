import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { type Generation, orderViewOf } from '../../functions/order-view/generations.ts';
import { orderView } from '../../functions/order-view/subscriptions.ts';
import { Consumer } from '../backbone/consumer.ts';
import type { FactBus } from '../backbone/fact-bus.ts';
import { OnDemandTable } from '../backbone/on-demand-table.ts';

/**
 * A generation of the read side: what is known of an order in one item, and which orders of a day have a status.
 * A second one is filled beside the first: docs/late-joiners.md.
 */
export class OrderView extends Construct {
  readonly table: OnDemandTable;
  readonly consumer: Consumer;

  constructor(scope: Construct, id: string, bus: FactBus, generation: Generation) {
    super(scope, id);
    const subscription = orderViewOf(generation);
    this.table = new OnDemandTable(this, 'Table', {
      name: bus.nameFor(subscription.name),
      partitionKey: { name: 'orderId', type: AttributeType.STRING },
      durability: bus.durability,
    });
    this.table.addGlobalSecondaryIndex({
      indexName: 'byStatus',
      // Status, day and shard: a day's orders of one status would all heat one partition.
      partitionKey: { name: 'statusBucket', type: AttributeType.STRING },
      sortKey: { name: 'statusTime', type: AttributeType.STRING },
    });
    this.consumer = new Consumer(this, 'Consumer', {
      bus,
      subscription,
      service: orderView.name,
      entry: 'functions/order-view/handler.ts',
      environment: { READ_MODEL_TABLE: this.table.tableName },
    });
    this.table.grantOnTable(this.consumer.function, 'dynamodb:UpdateItem');
  }
}
