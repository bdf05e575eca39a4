import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { orderView } from '../../functions/order-view/subscriptions.ts';
import { Consumer } from '../backbone/consumer.ts';
import type { FactBus } from '../backbone/fact-bus.ts';
import { OnDemandTable } from '../backbone/on-demand-table.ts';

/** The read side: what is known of an order in one item, and which orders of a day have a status. */
export class OrderView extends Construct {
  readonly table: OnDemandTable;
  readonly consumer: Consumer;

  constructor(scope: Construct, id: string, bus: FactBus) {
    super(scope, id);
    this.table = new OnDemandTable(this, 'Table', {
      name: bus.nameFor('order-view'),
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
      subscription: orderView,
      entry: 'functions/order-view/handler.ts',
      environment: { READ_MODEL_TABLE: this.table.tableName },
    });
    this.table.grantOnTable(this.consumer.function, 'dynamodb:UpdateItem');
  }
}
