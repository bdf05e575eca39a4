import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { READ_MODELS_TABLE } from '../../functions/order-view/generations.ts';
import type { FactBus } from '../backbone/fact-bus.ts';
import { OnDemandTable } from '../backbone/on-demand-table.ts';

/** Says of each read model which generation is read: an item, that is switched without a deployment. */
export class ReadModels extends Construct {
  readonly table: OnDemandTable;

  constructor(scope: Construct, id: string, bus: FactBus) {
    super(scope, id);
    this.table = new OnDemandTable(this, 'Default', {
      name: bus.nameFor(READ_MODELS_TABLE),
      partitionKey: { name: 'readModel', type: AttributeType.STRING },
      durability: bus.durability,
    });
  }
}
