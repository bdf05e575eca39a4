import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import type { FactBus } from './fact-bus.ts';

/** The pages of docs/runbooks: each says what to do about the alarms that name it. */
export type Runbook =
  | 'consumer-lag'
  | 'dead-letters'
  | 'deadline-passed'
  | 'function-errors'
  | 'old-messages'
  | 'relay-behind'
  | 'throttles'
  | 'undelivered-facts'
  | 'unpublished-commits'
  | 'unsettled-order';

export interface BackboneAlarmProps {
  /** The bus whose topic is told. */
  readonly bus: FactBus;
  /** Behind the bus's name, such as `orders-dead-letters`. */
  readonly name: string;
  /** What it means when it is raised: a sentence without its full stop. */
  readonly means: string;
  readonly runbook: Runbook;
  readonly metric: IMetric;
  /** It is raised above this, in the metric's unit. */
  readonly above: number;
  /**
   * In how many of the metric's periods in a row. More of them keep quiet about what passes by itself.
   *
   * @default 1
   */
  readonly periods?: number;
}

/**
 * Tells the bus's topic when something is wrong, and which page says what to do. It stays silent where nothing is
 * measured: nothing happens there.
 *
 * It does not tell when all is well again: each new alarm would say so on its first day.
 */
export class BackboneAlarm extends Alarm {
  constructor(scope: Construct, id: string, props: BackboneAlarmProps) {
    const { bus, name, means, runbook, metric, above, periods = 1 } = props;
    super(scope, id, {
      alarmName: bus.nameFor(name),
      alarmDescription: `${means}. What to do: docs/runbooks/${runbook}.md`,
      metric,
      threshold: above,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    this.addAlarmAction({ bind: () => ({ alarmActionArn: bus.alarmTopic.topicArn }) });
  }
}
