import { Duration } from 'aws-cdk-lib';
import type { Subscription } from '../../functions/backbone/subscription.ts';
import { DEFAULT_TIMEOUT, type Environment, FUNCTION_FAULTS } from './backbone-function.ts';
import { MOST_PATTERN_CHARACTERS, patternOf } from './event-pattern.ts';
import type { FactBus } from './fact-bus.ts';
import type { FaultRule } from './faults.ts';

export interface ConsumerProps {
  /** The bus that the facts come from. */
  readonly bus: FactBus;
  /**
   * Which facts: the map that the function itself is typed by. Its name is part of every physical name,
   * and once in a stack.
   */
  readonly subscription: Subscription;
  /** The file that exports `handler`, relative to the project's folder, such as `functions/orders/handler.ts`. */
  readonly entry: string;
  /**
   * The context that it works for: `service` in its logs and metrics.
   *
   * @default - the subscription's name
   */
  readonly service?: string;
  /**
   * 1 second to 15 minutes for one batch. A batch that takes longer is cut off and delivered again.
   *
   * @default 10 seconds
   */
  readonly timeout?: Duration;
  /**
   * Memory in MB, 128–10,240.
   *
   * @default 512
   */
  readonly memory?: number;
  /**
   * At most this many messages a call: 1–10, or up to 10,000 with a `maxBatchingWindow`.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
   * @default 10
   */
  readonly batchSize?: number;
  /**
   * Waits up to 5 minutes for a batch to fill: fewer calls, later facts. Not for FIFO.
   *
   * @default - no waiting
   */
  readonly maxBatchingWindow?: Duration;
  /**
   * At most this many calls at a time, 2–1000: what a backlog may take from the account's concurrency and from what the
   * function works with. Messages beyond it wait in the queue, without using up an attempt.
   *
   * With a limit, Lambda keeps five pollers on an idle standard queue instead of as few as two. Each asks at most every
   * 20 seconds, and each question is a request to SQS: about 650,000 a month and queue, of which SQS gives a million
   * away and then takes USD 0.40 a million. It is all that an idle consumer costs.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   * @default 10
   */
  readonly maxConcurrency?: number;
  /**
   * How long a message that a call holds is kept from others, up to 12 hours. At least 6 × `timeout`, plus the batching
   * window, or a message that waits for a throttled function is delivered twice.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
   * @default - 6 × timeout + maxBatchingWindow
   */
  readonly visibilityTimeout?: Duration;
  /**
   * Every fact is held back for so long, up to 15 minutes: a deadline comes back as the fact that began it.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html
   * @default - facts are delivered at once
   */
  readonly delay?: Duration;
  /**
   * Order by group: facts of one group are handled one after another, in the order in which they came to the queue.
   * `groupBy` is the path in the event whose value, up to 128 characters, is the group; an event without that value
   * cannot be delivered and ends in the target DLQ. SQS leaves out what it took with the same content within 5 minutes,
   * but a republished fact is a new event to it. The bus promises no order: what comes early is the function's to park.
   *
   * @example { groupBy: '$.detail.metadata.subject' }
   * @default - no order, and no limit on throughput
   */
  readonly fifo?: FifoOrder;
  /**
   * How often a message is tried before SQS moves it to the DLQ, 1–1000. A message that a call held when it crashed or
   * timed out was tried as well.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   * @default 5
   */
  readonly maxReceiveCount?: number;
  /** @default - nothing beyond what every function is told */
  readonly environment?: Environment;
}

export interface FifoOrder {
  readonly groupBy: string;
}

export const DEFAULT_RECEIVES = 5;

/** How long a message waits for a consumer that is down. */
export const SOURCE_RETENTION = Duration.days(4);

/** The least visibility time-out that AWS advises. */
export function leastVisibility({
  timeout = DEFAULT_TIMEOUT,
  maxBatchingWindow = Duration.seconds(0),
}: Pick<ConsumerProps, 'timeout' | 'maxBatchingWindow'>): Duration {
  return Duration.millis(6 * timeout.toMilliseconds() + maxBatchingWindow.toMilliseconds());
}

/** The props, the physical name that follows from them, and who else in the stack has the subscription's name. */
type Checked = ConsumerProps & { readonly name: string; readonly namesakes: readonly string[] };

/** What can be wrong with a consumer's props. */
export const CONSUMER_FAULTS: readonly FaultRule<Checked>[] = [
  {
    wrong: ({ subscription }) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(subscription.name),
    fault: ({ subscription }) =>
      `the subscription is named '${subscription.name}': give lower case letters and digits, in words joined by single hyphens`,
  },
  {
    wrong: ({ namesakes }) => namesakes.length > 0,
    fault: ({ subscription, namesakes }) =>
      `the subscription '${subscription.name}' belongs to '${namesakes.join("', '")}' as well: a name tells whose cause an event is, so give each its own`,
  },
  {
    wrong: ({ subscription }) => Object.keys(subscription.facts).length === 0,
    fault: ({ subscription }) => `the subscription '${subscription.name}' has no facts: give it at least one`,
  },
  {
    wrong: ({ subscription }) => misnamed(subscription).length > 0,
    fault: ({ subscription }) =>
      `the subscription '${subscription.name}' has ${misnamed(subscription).join(', ')}: name each fact as it is`,
  },
  {
    wrong: ({ subscription }) => patternLength(subscription) > MOST_PATTERN_CHARACTERS,
    fault: ({ subscription }) =>
      `the rule's pattern has ${patternLength(subscription)} characters, EventBridge takes ${MOST_PATTERN_CHARACTERS}: split the subscription`,
  },
  ...FUNCTION_FAULTS,
  {
    wrong: ({ batchSize, maxBatchingWindow }) =>
      !isWithin(
        batchSize,
        1,
        maxBatchingWindow === undefined || maxBatchingWindow.toMilliseconds() === 0 ? 10 : 10_000,
      ),
    fault: ({ batchSize }) => `batchSize is ${batchSize}: give 1–10, or up to 10,000 together with a maxBatchingWindow`,
  },
  {
    wrong: ({ batchSize, fifo }) => fifo !== undefined && batchSize !== undefined && batchSize > 10,
    fault: ({ batchSize }) => `batchSize is ${batchSize}: a FIFO queue gives at most 10`,
  },
  {
    wrong: ({ maxBatchingWindow }) => !isUpTo(maxBatchingWindow, Duration.minutes(5)),
    fault: ({ maxBatchingWindow }) =>
      `maxBatchingWindow is ${maxBatchingWindow?.toHumanString()}: give whole seconds, up to 5 minutes`,
  },
  {
    wrong: ({ maxBatchingWindow, fifo }) => fifo !== undefined && maxBatchingWindow !== undefined,
    fault: () => 'maxBatchingWindow and fifo contradict each other: Lambda does not wait for a batch of a FIFO queue',
  },
  {
    wrong: ({ maxConcurrency }) => !isWithin(maxConcurrency, 2, 1000),
    fault: ({ maxConcurrency }) => `maxConcurrency is ${maxConcurrency}: give 2–1000`,
  },
  {
    wrong: ({ visibilityTimeout }) => !isUpTo(visibilityTimeout, Duration.hours(12)),
    fault: ({ visibilityTimeout }) =>
      `visibilityTimeout is ${visibilityTimeout?.toHumanString()}: give whole seconds, up to 12 hours`,
  },
  {
    wrong: ({ visibilityTimeout, ...props }) =>
      visibilityTimeout !== undefined && visibilityTimeout.toMilliseconds() < leastVisibility(props).toMilliseconds(),
    fault: ({ visibilityTimeout, ...props }) =>
      `visibilityTimeout is ${visibilityTimeout?.toHumanString()}: give at least 6 × timeout + maxBatchingWindow, here ${leastVisibility(props).toHumanString()}`,
  },
  {
    wrong: ({ delay }) => !isUpTo(delay, Duration.minutes(15)),
    fault: ({ delay }) =>
      `delay is ${delay?.toHumanString()}: give whole seconds, up to the 15 minutes that SQS can hold a message back`,
  },
  {
    wrong: ({ fifo }) => fifo !== undefined && !/^(?=.{1,100}$)\$(\.[A-Za-z0-9_-]+)+$/.test(fifo.groupBy),
    fault: ({ fifo }) =>
      `fifo.groupBy is '${fifo?.groupBy}': give a path in the event of up to 100 characters, such as '$.detail.metadata.subject'`,
  },
  {
    wrong: ({ maxReceiveCount }) => !isWithin(maxReceiveCount, 1, 1000),
    fault: ({ maxReceiveCount }) => `maxReceiveCount is ${maxReceiveCount}: give 1–1000`,
  },
  {
    wrong: (props) => longestTries(props).toMilliseconds() >= SOURCE_RETENTION.toMilliseconds(),
    fault: (props) =>
      `a message could be tried for ${longestTries(props).toHumanString()} (delay + maxReceiveCount × visibilityTimeout), but the queue forgets it after ${SOURCE_RETENTION.toHumanString()} and it would never reach the DLQ: lower one of them`,
  },
];

/** The compiler sees to this where it can: `{ OrderPlaced: OrderConfirmed }` does not compile. */
function misnamed({ facts }: ConsumerProps['subscription']): readonly string[] {
  return Object.entries(facts)
    .filter(([name, { type }]) => name !== type)
    .map(([name, { type }]) => `${type} under the name '${name}'`);
}

/** How long it takes at most until a message that only times out is in the DLQ. */
function longestTries(props: ConsumerProps): Duration {
  const { delay, maxReceiveCount = DEFAULT_RECEIVES, visibilityTimeout = leastVisibility(props) } = props;
  const eachMs = visibilityTimeout.toMilliseconds();
  return Duration.millis((delay?.toMilliseconds() ?? 0) + maxReceiveCount * eachMs);
}

function patternLength({ facts }: ConsumerProps['subscription']): number {
  return JSON.stringify(patternOf(facts)).length;
}

function isWithin(value: number | undefined, least: number, most: number): boolean {
  return value === undefined || (Number.isInteger(value) && value >= least && value <= most);
}

function isUpTo(value: Duration | undefined, most: Duration): boolean {
  return (
    value === undefined || (value.toMilliseconds() % 1000 === 0 && value.toMilliseconds() <= most.toMilliseconds())
  );
}
