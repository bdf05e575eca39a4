import { Duration } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BackboneAlarm } from './alarm.ts';
import type { BackboneFunction } from './backbone-function.ts';
import type { FactBus } from './fact-bus.ts';
import type { FaultRule } from './faults.ts';
import { FUNCTION_THRESHOLD_FAULTS, FunctionAlarms, type FunctionThresholds } from './function-alarms.ts';

/** From where on a relay is late, or wrong. That a commit it could not publish is a matter for somebody cannot be changed. */
export interface RelayThresholds extends FunctionThresholds {
  /**
   * How old a commit may be when the relay receives it, in each of two periods of five minutes in a row. At least a second,
   * and less than the 20 hours after which the relay gives it up.
   *
   * @default 1 minute
   */
  readonly iteratorAge?: Duration;
}

const DEFAULT_ITERATOR_AGE = Duration.minutes(1);

export const RELAY_THRESHOLD_FAULTS: readonly FaultRule<RelayThresholds>[] = [
  ...FUNCTION_THRESHOLD_FAULTS,
  {
    wrong: ({ iteratorAge }) =>
      iteratorAge !== undefined &&
      (iteratorAge.toMilliseconds() < 1_000 || iteratorAge.toMilliseconds() >= Duration.hours(20).toMilliseconds()),
    fault: ({ iteratorAge }) =>
      `alarms.iteratorAge is ${iteratorAge?.toHumanString()}: give a second or more, and less than 20 hours`,
  },
];

export interface EventStoreAlarmsProps extends RelayThresholds {
  readonly bus: FactBus;
  /** The context that owns the streams. */
  readonly context: string;
  readonly relay: BackboneFunction;
  readonly relayDeadLetterQueue: IQueue;
}

/** Tells when what is committed is not published, or late. */
export class EventStoreAlarms extends Construct {
  constructor(scope: Construct, id: string, props: EventStoreAlarmsProps) {
    super(scope, id);
    const { bus, context, relay, iteratorAge = DEFAULT_ITERATOR_AGE } = props;
    const name = `${context}-relay`;
    new BackboneAlarm(this, 'DeadLetters', {
      bus,
      name: `${name}-dead-letters`,
      means: `${bus.nameFor(name)} could not publish the commits in ${bus.nameFor(name)}-dlq`,
      runbook: 'unpublished-commits',
      metric: props.relayDeadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      above: 0,
    });
    new BackboneAlarm(this, 'IteratorAge', {
      bus,
      name: `${name}-behind`,
      means: `${bus.nameFor(name)} receives commits more than ${iteratorAge.toSeconds()} s after they were written`,
      runbook: 'relay-behind',
      metric: relay.metric('IteratorAge', { statistic: 'Maximum' }),
      above: iteratorAge.toMilliseconds(),
      periods: 2,
    });
    new FunctionAlarms(this, 'Function', { ...props, function: relay, name });
  }
}
