import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { BackboneAlarm } from './alarm.ts';
import type { BackboneFunction } from './backbone-function.ts';
import type { FactBus } from './fact-bus.ts';
import type { FaultRule } from './faults.ts';

/** From where on a function's calls are a matter for somebody. */
export interface FunctionThresholds {
  /**
   * Which share of the calls may end in an error, from 0 to below 1, in each of two periods of five minutes in a row. A
   * call ends so when it crashes, times out or cannot start; an event that fails is no error of its call.
   *
   * @default 0.05
   */
  readonly errorRate?: number;
  /**
   * How many calls Lambda may refuse in five minutes, for want of free concurrency in the account.
   *
   * @default 0
   */
  readonly throttles?: number;
}

export const FUNCTION_THRESHOLD_FAULTS: readonly FaultRule<FunctionThresholds>[] = [
  {
    wrong: ({ errorRate = 0 }) => !(errorRate >= 0 && errorRate < 1),
    fault: ({ errorRate }) => `alarms.errorRate is ${errorRate}: give a share from 0 to below 1, such as 0.05`,
  },
  {
    wrong: ({ throttles = 0 }) => !Number.isInteger(throttles) || throttles < 0,
    fault: ({ throttles }) => `alarms.throttles is ${throttles}: give a whole number from 0`,
  },
];

export interface FunctionAlarmsProps extends FunctionThresholds {
  readonly bus: FactBus;
  readonly function: BackboneFunction;
  /** The function's name without the bus's. */
  readonly name: string;
}

/** Tells when a function's calls fail, or do not begin. */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: FunctionAlarmsProps) {
    super(scope, id);
    const { bus, function: called, name, errorRate = 0.05, throttles = 0 } = props;
    new BackboneAlarm(this, 'Errors', {
      bus,
      name: `${name}-errors`,
      means: `More than ${Number((errorRate * 100).toFixed(2))} % of the calls of ${bus.nameFor(name)} crash, time out or cannot start`,
      runbook: 'function-errors',
      metric: new MathExpression({
        expression: 'errors / invocations',
        usingMetrics: { errors: called.metricErrors(), invocations: called.metricInvocations() },
        label: 'error rate',
      }),
      above: errorRate,
      periods: 2,
    });
    new BackboneAlarm(this, 'Throttles', {
      bus,
      name: `${name}-throttles`,
      means: `Calls of ${bus.nameFor(name)} are refused: the account has no concurrency left for it`,
      runbook: 'throttles',
      metric: called.metricThrottles(),
      above: throttles,
    });
  }
}
