import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

/** How long what a stage holds outlives mistakes, and the stage itself. */
export interface Durability {
  /** What becomes of tables, bus and archive when the stack is deleted. */
  readonly removalPolicy: RemovalPolicy;
  /** Tables cannot be deleted, and can be restored to any second of the last 35 days. */
  readonly tablesProtected: boolean;
  /** How long the archive can replay. A tally keeps its markers for longer than this. */
  readonly archiveRetention: Duration;
  readonly logRetention: RetentionDays;
}

/** For a stage whose data matters: deleting the stack leaves tables, bus and archive behind. */
export const durable: Durability = {
  // Not RETAIN: that would keep what a failed first deployment rolls back, in the way of the second.
  removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  tablesProtected: true,
  archiveRetention: Duration.days(90),
  logRetention: RetentionDays.THREE_MONTHS,
};

/** For a stage to try things out on: deleting the stack deletes everything. */
export const disposable: Durability = {
  removalPolicy: RemovalPolicy.DESTROY,
  tablesProtected: false,
  archiveRetention: Duration.days(7),
  logRetention: RetentionDays.ONE_WEEK,
};
