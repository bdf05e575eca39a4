import { Duration } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BackboneAlarm, type Runbook } from './alarm.ts';
import type { BackboneFunction } from './backbone-function.ts';
import type { FactBus } from './fact-bus.ts';
import type { FaultRule } from './faults.ts';
import { FUNCTION_THRESHOLD_FAULTS, FunctionAlarms, type FunctionThresholds } from './function-alarms.ts';
import { ownMetric } from './own-metric.ts';

/** From where on a consumer's work is late, or wrong. That a dead letter is a matter for somebody cannot be changed. */
export interface ConsumerThresholds extends FunctionThresholds {
  /**
   * How late events may be when they are handled, as their 95th percentile, in each of three periods of five minutes in a
   * row. At least a second; what the queue itself holds back is added.
   *
   * @default 1 minute
   */
  readonly lag?: Duration;
  /**
   * How long a message may be in the queue, failing or waiting. At least a minute, and less than the 4 days after which
   * the queue forgets it; what the queue itself holds back is added.
   *
   * @default 15 minutes
   */
  readonly oldestMessage?: Duration;
}

/** What a dead letter of a consumer means where it is more than an event that could not be handled. */
export interface DeadLetterMeaning {
  /** The alarm's name behind the bus's, such as `orders-unsettled`. */
  readonly alarm: string;
  /** A sentence without its full stop. */
  readonly means: string;
  readonly runbook: Runbook;
}

const DEFAULTS = { lag: Duration.minutes(1), oldestMessage: Duration.minutes(15) };

const LONGEST_IN_QUEUE = Duration.days(4);

export const CONSUMER_THRESHOLD_FAULTS: readonly FaultRule<ConsumerThresholds>[] = [
  ...FUNCTION_THRESHOLD_FAULTS,
  {
    wrong: ({ lag }) => lag !== undefined && lag.toMilliseconds() < 1_000,
    fault: ({ lag }) => `alarms.lag is ${lag?.toHumanString()}: give at least a second`,
  },
  {
    wrong: ({ oldestMessage }) =>
      oldestMessage !== undefined &&
      (oldestMessage.toMilliseconds() < 60_000 || oldestMessage.toMilliseconds() >= LONGEST_IN_QUEUE.toMilliseconds()),
    fault: ({ oldestMessage }) =>
      `alarms.oldestMessage is ${oldestMessage?.toHumanString()}: give a minute or more, and less than 4 days`,
  },
];

export interface ConsumerAlarmsProps extends ConsumerThresholds {
  readonly bus: FactBus;
  /** The subscription's name. */
  readonly consumer: string;
  readonly function: BackboneFunction;
  readonly queue: IQueue;
  readonly deadLetterQueue: IQueue;
  readonly targetDeadLetterQueue: IQueue;
  /** How long the queue holds every message back. */
  readonly delay: Duration;
  /** @default - an event that could not be handled */
  readonly deadLetters?: DeadLetterMeaning;
}

/** Tells when a consumer's events are lost to it, late, or not handled at all. */
export class ConsumerAlarms extends Construct {
  constructor(scope: Construct, id: string, props: ConsumerAlarmsProps) {
    super(scope, id);
    const { bus, consumer, delay, lag = DEFAULTS.lag, oldestMessage = DEFAULTS.oldestMessage } = props;
    const name = bus.nameFor(consumer);
    const {
      alarm = `${consumer}-dead-letters`,
      means = `${name} could not handle the events in ${name}-dlq`,
      runbook = 'dead-letters',
    } = props.deadLetters ?? {};
    new BackboneAlarm(this, 'DeadLetters', {
      bus,
      name: alarm,
      means,
      runbook,
      metric: props.deadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      above: 0,
    });
    new BackboneAlarm(this, 'Undelivered', {
      bus,
      name: `${consumer}-undelivered`,
      means: `EventBridge could not deliver the events in ${name}-target-dlq to ${name}`,
      runbook: 'undelivered-facts',
      metric: props.targetDeadLetterQueue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
      above: 0,
    });

    const oldestSeconds = delay.toSeconds() + oldestMessage.toSeconds();
    new BackboneAlarm(this, 'OldestMessage', {
      bus,
      name: `${consumer}-old-messages`,
      means: `A message has been in the queue of ${name} for more than ${oldestSeconds} s`,
      runbook: 'old-messages',
      metric: props.queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum' }),
      above: oldestSeconds,
    });
    const lagMs = delay.toMilliseconds() + lag.toMilliseconds();
    new BackboneAlarm(this, 'Lag', {
      bus,
      name: `${consumer}-lag`,
      means: `${name} handles events more than ${lagMs / 1000} s after they happened`,
      runbook: 'consumer-lag',
      metric: ownMetric(bus.metricsNamespace, 'ConsumerLag', { service: props.function.service, consumer }, 'p95'),
      above: lagMs,
      periods: 3,
    });
    new FunctionAlarms(this, 'Function', { ...props, name: consumer });
  }
}
