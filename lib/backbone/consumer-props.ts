import { Duration } from 'aws-cdk-lib';
import {
  backoffBound,
  DEFAULT_RETRY,
  type RetryPolicy,
  SOURCE_RETENTION_SECONDS,
} from '../../functions/backbone/recoverability.ts';
import type { Subscription } from '../../functions/backbone/subscription.ts';
import { DEFAULT_TIMEOUT, type Environment, FUNCTION_FAULTS } from './backbone-function.ts';
import { CONSUMER_THRESHOLD_FAULTS, type ConsumerThresholds, type DeadLetterMeaning } from './consumer-alarms.ts';
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
   * How an event that failed comes again; what cannot be mended goes to the DLQ without. The formulas, and how long it takes
   * until the DLQ: docs/retries.md.
   *
   * @default - 20 attempts, with waits of up to 1 second at first and up to 5 minutes in the end
   */
  readonly retry?: Retry;
  /**
   * From where on lateness, errors and throttles are told as alarms.
   *
   * @default - see each of them
   */
  readonly alarms?: ConsumerThresholds;
  /**
   * What the alarm of the DLQ says, where a dead letter means something of its own.
   *
   * @default - that there are events which could not be handled
   */
  readonly deadLetters?: DeadLetterMeaning;
  /** @default - nothing beyond what every function is told */
  readonly environment?: Environment;
}

export interface FifoOrder {
  readonly groupBy: string;
}

/** Each wait is a random time below a bound, which doubles from one to the next. */
export interface Retry {
  /**
   * The bound of the first wait, in whole seconds, from 1 second up to `cap`.
   *
   * @default 1 second
   */
  readonly base?: Duration;
  /**
   * The bound of all later waits once it is reached, in whole seconds, up to the 12 hours that SQS can hide a message.
   *
   * @default 5 minutes
   */
  readonly cap?: Duration;
  /**
   * After so many failed attempts an event goes to the DLQ, 1–200. To be throttled is no attempt.
   *
   * SQS itself moves a message after more deliveries than that, and so only one whose attempts crash or time out:
   * 10 more, or in a FIFO queue four times as many and 10, since it counts throttles as well.
   *
   * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
   * @default 20
   */
  readonly attempts?: number;
}

/** How long a message waits for a consumer that is down. */
export const SOURCE_RETENTION = Duration.seconds(SOURCE_RETENTION_SECONDS);

const MOST_ATTEMPTS = 200;
const MOST_VISIBILITY = Duration.hours(12);

/** The function's side of `retry`. */
export function retryPolicy({ retry: { base, cap, attempts } = {} }: Pick<ConsumerProps, 'retry'>): RetryPolicy {
  return {
    baseSeconds: seconds(base) ?? DEFAULT_RETRY.baseSeconds,
    capSeconds: seconds(cap) ?? DEFAULT_RETRY.capSeconds,
    attempts: attempts ?? DEFAULT_RETRY.attempts,
  };
}

/** After how many deliveries SQS moves a message to the DLQ by itself: above what the consumer lets fail. */
export function mostReceives(props: Pick<ConsumerProps, 'retry' | 'fifo'>): number {
  return (props.fifo === undefined ? 1 : 4) * retryPolicy(props).attempts + 10;
}

function seconds(duration: Duration | undefined): number | undefined {
  return duration?.toSeconds({ integral: false });
}

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
    wrong: ({ visibilityTimeout }) => !isUpTo(visibilityTimeout, MOST_VISIBILITY),
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
    wrong: ({ retry }) => !isUpTo(retry?.cap, MOST_VISIBILITY) || retry?.cap?.toMilliseconds() === 0,
    fault: ({ retry }) =>
      `retry.cap is ${retry?.cap?.toHumanString()}: give whole seconds, up to the 12 hours that SQS can hide a message`,
  },
  {
    wrong: (props) => {
      const { baseSeconds, capSeconds } = retryPolicy(props);
      return !Number.isInteger(baseSeconds) || baseSeconds < 1 || baseSeconds > capSeconds;
    },
    fault: (props) =>
      `retry.base is ${retryPolicy(props).baseSeconds} seconds: give whole seconds, 1 to retry.cap, here ${retryPolicy(props).capSeconds}`,
  },
  {
    wrong: ({ retry }) => !isWithin(retry?.attempts, 1, MOST_ATTEMPTS),
    fault: ({ retry }) => `retry.attempts is ${retry?.attempts}: give 1–${MOST_ATTEMPTS}`,
  },
  ...CONSUMER_THRESHOLD_FAULTS.map(({ wrong, fault }) => ({
    wrong: ({ alarms = {} }: Checked) => wrong(alarms),
    fault: ({ alarms = {} }: Checked) => fault(alarms),
  })),
  {
    wrong: (props) => longestTries(props).toMilliseconds() >= SOURCE_RETENTION.toMilliseconds(),
    fault: (props) =>
      `a message could be tried for ${longestTries(props).toHumanString()} (delay, and for each of ${mostReceives(props)} deliveries the visibilityTimeout or the wait of retry), but the queue forgets it after ${SOURCE_RETENTION.toHumanString()} and it would never reach the DLQ: lower one of them`,
  },
];

/** The compiler sees to this where it can: `{ OrderPlaced: OrderConfirmed }` does not compile. */
function misnamed({ facts }: ConsumerProps['subscription']): readonly string[] {
  return Object.entries(facts)
    .filter(([name, { type }]) => name !== type)
    .map(([name, { type }]) => `${type} under the name '${name}'`);
}

/** How long it takes at most until a message that now fails, now times out, is in the DLQ. */
function longestTries(props: ConsumerProps): Duration {
  const { delay, visibilityTimeout = leastVisibility(props) } = props;
  const policy = retryPolicy(props);
  const invisibleMs = visibilityTimeout.toMilliseconds();
  let longestMs = delay?.toMilliseconds() ?? 0;
  for (let n = 0; n < mostReceives(props); n += 1) {
    // From the last attempt on, what fails is in the DLQ: only what times out comes again.
    const waitMs = n + 1 < policy.attempts ? backoffBound(n, policy) * 1000 : 0;
    longestMs += Math.max(waitMs, invisibleMs);
  }
  return Duration.millis(longestMs);
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
