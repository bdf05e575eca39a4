import { Validations } from 'aws-cdk-lib';
import { type Attribute, BillingMode, type StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Durability } from './durability.ts';

export interface OnDemandTableProps {
  readonly name: string;
  readonly partitionKey: Attribute;
  /** @default - the partition key alone is the key */
  readonly sortKey?: Attribute;
  readonly durability: Durability;
  /** @default - no stream */
  readonly stream?: StreamViewType;
  /**
   * The attribute that holds when an item expires, in seconds since 1970.
   *
   * @default - items never expire
   */
  readonly timeToLiveAttribute?: string;
}

/**
 * A table that costs nothing while it is not used: billed by request, encrypted with the key that AWS owns.
 * Whether it can be lost is up to the durability.
 */
export class OnDemandTable extends Table {
  constructor(scope: Construct, id: string, { name, durability, ...props }: OnDemandTableProps) {
    super(scope, id, {
      ...props,
      tableName: name,
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: durability.removalPolicy,
      deletionProtection: durability.tablesProtected,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: durability.tablesProtected },
    });
    if (!durability.tablesProtected) {
      Validations.of(this).acknowledge({
        id: 'AwsSolutions-DDB3',
        reason: 'The stage is disposable, and so are its data. Tables of any other stage can be restored.',
      });
    }
  }

  /** Allows these actions on the table itself. `grant` would add its indexes, by a wildcard. */
  grantOnTable(grantee: IGrantable, ...actions: readonly string[]): void {
    Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [this.tableArn] });
  }
}
