import { Duration, Stack, Validations } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Subscription } from '../../functions/backbone/subscription.ts';
import { BackboneFunction, DEFAULT_TIMEOUT } from './backbone-function.ts';
import { ConsumerAlarms } from './consumer-alarms.ts';
import {
  CONSUMER_FAULTS,
  type ConsumerProps,
  leastVisibility,
  mostReceives,
  retryPolicy,
  SOURCE_RETENTION,
} from './consumer-props.ts';
import { patternOf } from './event-pattern.ts';
import { refuseFaults } from './faults.ts';
import { deadLetterQueue, encryptedQueue } from './queues.ts';

const DEFAULTS = { batchSize: 10, maxConcurrency: 10 };

/**
 * What a subscription is on AWS:
 *
 *     bus ─rule─▶ queue ─▶ function ─ what it cannot handle, with the reason ─▶ DLQ
 *          │        └─ what crashes the function, or times out, too often ─▶ DLQ
 *          └─ what cannot be delivered to the queue ─▶ target DLQ
 *
 * The rule's pattern is derived from the subscription's map. Each has its alarms: on both DLQs, on what is late, on errors
 * and on throttles.
 *
 * @throws Error at synthesis that lists all that is wrong with the props
 * @example
 * new Consumer(this, 'Consumer', { bus, subscription: payments, entry: 'functions/payments/handler.ts' });
 */
export class Consumer extends Construct {
  readonly subscription: Subscription;
  /** The file of the function's handler, relative to the project's folder. */
  readonly entry: string;
  /** Where a replay can be pointed to, so that no other consumer sees it. */
  readonly rule: Rule;
  readonly queue: Queue;
  /** What the function could not handle: see `DeadLetterAttribute` for what a message tells. */
  readonly deadLetterQueue: Queue;
  /** What EventBridge could not deliver to the queue, in 24 hours or 185 attempts. */
  readonly targetDeadLetterQueue: Queue;
  readonly function: BackboneFunction;

  constructor(scope: Construct, id: string, props: ConsumerProps) {
    super(scope, id);
    const { bus, subscription, timeout = DEFAULT_TIMEOUT, delay = Duration.seconds(0), fifo } = props;
    const name = bus.nameFor(subscription.name);
    this.subscription = subscription;
    this.entry = props.entry;
    refuseFaults(`Consumer '${this.node.path}'`, { ...props, name, namesakes: this.#namesakes() }, CONSUMER_FAULTS);

    const suffix = fifo === undefined ? '' : '.fifo';
    const order = fifo === undefined ? {} : { fifo: true };
    this.deadLetterQueue = deadLetterQueue(this, 'DeadLetterQueue', { queueName: `${name}-dlq${suffix}`, ...order });
    this.queue = encryptedQueue(this, 'Queue', {
      queueName: `${name}${suffix}`,
      visibilityTimeout: props.visibilityTimeout ?? leastVisibility(props),
      retentionPeriod: SOURCE_RETENTION,
      deliveryDelay: delay,
      deadLetterQueue: {
        queue: this.deadLetterQueue,
        maxReceiveCount: mostReceives(props),
      },
      ...order,
      ...(fifo && { contentBasedDeduplication: true }),
    });

    // EventBridge takes no FIFO queue here.
    this.targetDeadLetterQueue = deadLetterQueue(this, 'TargetDeadLetterQueue', { queueName: `${name}-target-dlq` });
    Validations.of(this.targetDeadLetterQueue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is a dead-letter queue itself: of the rule, which the check does not look at.',
    });
    this.rule = new Rule(this, 'Rule', {
      ruleName: name,
      description: `The facts that ${subscription.name} subscribes to`,
      eventBus: bus.eventBus,
      eventPattern: patternOf(subscription.facts),
      targets: [
        new SqsQueue(this.queue, {
          deadLetterQueue: this.targetDeadLetterQueue,
          maxEventAge: Duration.hours(24),
          retryAttempts: 185,
          ...(fifo && { messageGroupId: fifo.groupBy }),
        }),
      ],
    });

    const { baseSeconds, capSeconds, attempts } = retryPolicy(props);
    this.function = new BackboneFunction(this, 'Function', {
      name,
      service: props.service ?? subscription.name,
      entry: props.entry,
      durability: bus.durability,
      metricsNamespace: bus.metricsNamespace,
      timeout,
      ...(props.memory !== undefined && { memory: props.memory }),
      environment: {
        ...props.environment,
        SUBSCRIPTION: subscription.name,
        QUEUE_URL: this.queue.queueUrl,
        DEAD_LETTER_QUEUE_URL: this.deadLetterQueue.queueUrl,
        RETRY_BASE_SECONDS: String(baseSeconds),
        RETRY_CAP_SECONDS: String(capSeconds),
        RETRY_ATTEMPTS: String(attempts),
      },
    });
    new EventSourceMapping(this, 'Mapping', {
      target: this.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: props.batchSize ?? DEFAULTS.batchSize,
      maxConcurrency: props.maxConcurrency ?? DEFAULTS.maxConcurrency,
      reportBatchItemFailures: true,
      ...(props.maxBatchingWindow && { maxBatchingWindow: props.maxBatchingWindow }),
    });
    this.queue.grant(
      this.function,
      'sqs:ReceiveMessage',
      'sqs:DeleteMessage',
      'sqs:GetQueueAttributes',
      // To let a failed event come again in its time, and to send a throttled one again where that breaks no order.
      'sqs:ChangeMessageVisibility',
      ...(fifo === undefined ? ['sqs:SendMessage'] : []),
    );
    this.deadLetterQueue.grant(this.function, 'sqs:SendMessage');

    new ConsumerAlarms(this, 'Alarms', {
      ...props.alarms,
      bus,
      consumer: subscription.name,
      function: this.function,
      queue: this.queue,
      deadLetterQueue: this.deadLetterQueue,
      targetDeadLetterQueue: this.targetDeadLetterQueue,
      delay,
      ...(props.deadLetters && { deadLetters: props.deadLetters }),
    });
  }

  /** Whose subscription has the same name, in the same stack. */
  #namesakes(): readonly string[] {
    return Stack.of(this)
      .node.findAll()
      .filter((one) => one !== this && one instanceof Consumer && one.subscription.name === this.subscription.name)
      .map((one) => one.node.path);
  }
}
