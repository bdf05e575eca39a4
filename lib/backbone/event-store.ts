import { Duration, Validations } from 'aws-cdk-lib';
import { AttributeType, StreamViewType } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { BackboneFunction, FUNCTION_FAULTS } from './backbone-function.ts';
import { EventStoreAlarms, RELAY_THRESHOLD_FAULTS, type RelayThresholds } from './event-store-alarms.ts';
import type { FactBus } from './fact-bus.ts';
import { type FaultRule, refuseFaults } from './faults.ts';
import { OnDemandTable } from './on-demand-table.ts';
import { deadLetterQueue } from './queues.ts';
import { PUBLISHED_COMMITS, type StreamFilter } from './stream-filter.ts';

export interface EventStoreProps {
  /** The bus that the relay publishes on. */
  readonly bus: FactBus;
  /** The context that owns the streams, such as `orders`: part of every physical name. */
  readonly context: string;
  /** The `source` of its facts, such as `shop.orders`: the only one that its relay may publish. */
  readonly source: string;
  /**
   * The relay's file, relative to the project's folder.
   *
   * @default functions/backbone/relay-handler.ts
   */
  readonly relayEntry?: string;
  /**
   * What the relay receives beside the commits that have facts to publish: at most 4 filters.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
   * @default - nothing
   */
  readonly relayAlso?: readonly StreamFilter[];
  /**
   * How many batches of one shard are relayed at a time, 1–10. The order of different streams' commits is not kept
   * either way.
   *
   * @default 1
   */
  readonly parallelizationFactor?: number;
  /**
   * From where on lateness, errors and throttles of the relay are told as alarms.
   *
   * @default - see each of them
   */
  readonly alarms?: RelayThresholds;
}

const RELAY_ENTRY = 'functions/backbone/relay-handler.ts';
const RELAY_TIMEOUT = Duration.minutes(1);

/** A DynamoDB stream keeps a record for 24 hours: give up before it is gone, while it can still be put into the DLQ. */
const MOST_RECORD_AGE = Duration.hours(20);

type Checked = EventStoreProps & { readonly name: string; readonly entry: string };

const FAULTS: readonly FaultRule<Checked>[] = [
  {
    wrong: ({ context }) => !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(context),
    fault: ({ context }) =>
      `context is '${context}': give lower case letters and digits, in words joined by single hyphens`,
  },
  {
    wrong: ({ source }) => !/^[A-Za-z0-9._-]{1,256}$/.test(source) || source.startsWith('aws.'),
    fault: ({ source }) =>
      `source is '${source}': give letters, digits, dots, hyphens and underscores, such as 'shop.orders'; 'aws.' is AWS's own`,
  },
  {
    wrong: ({ relayAlso = [] }) => relayAlso.length > 4,
    fault: ({ relayAlso = [] }) =>
      `relayAlso has ${relayAlso.length} filters: give at most 4, since Lambda takes 5 in all`,
  },
  {
    wrong: ({ parallelizationFactor: factor = 1 }) => !Number.isInteger(factor) || factor < 1 || factor > 10,
    fault: ({ parallelizationFactor }) => `parallelizationFactor is ${parallelizationFactor}: give 1–10`,
  },
  ...FUNCTION_FAULTS,
  ...RELAY_THRESHOLD_FAULTS.map(({ wrong, fault }) => ({
    wrong: ({ alarms = {} }: Checked) => wrong(alarms),
    fault: ({ alarms = {} }: Checked) => fault(alarms),
  })),
];

/**
 * The streams of a context, and the relay that publishes what is committed to them:
 *
 *     conditional put ─▶ table ─stream─▶ relay ─▶ bus
 *                                          └─ what cannot be published ─▶ relay DLQ
 *
 * A table's stream feeds the relay with the commits that have facts to publish. Polling it is free of charge. Each relay has
 * its alarms: on its DLQ, on being behind, on errors and on throttles.
 *
 * @throws Error at synthesis that lists all that is wrong with the props
 * @example
 * const store = new EventStore(this, 'Store', { bus, context: 'orders', source: 'shop.orders' });
 * store.grantCommit(consumer.function);
 */
export class EventStore extends Construct {
  readonly table: OnDemandTable;
  readonly relay: BackboneFunction;
  /**
   * What could not be published: the key of a commit that was refused for good, or Lambda's note of the records (by shard
   * and numbers) that failed until they were too old. The table holds the commits all the same.
   */
  readonly relayDeadLetterQueue: Queue;

  constructor(scope: Construct, id: string, props: EventStoreProps) {
    super(scope, id);
    const { bus, context, source, relayEntry: entry = RELAY_ENTRY, relayAlso = [] } = props;
    const relayName = bus.nameFor(context, 'relay');
    refuseFaults(`EventStore '${this.node.path}'`, { ...props, name: relayName, entry }, FAULTS);

    this.table = new OnDemandTable(this, 'Table', {
      name: bus.nameFor(context),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.NUMBER },
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      durability: bus.durability,
    });
    this.relayDeadLetterQueue = deadLetterQueue(this, 'RelayDeadLetterQueue', { queueName: `${relayName}-dlq` });
    Validations.of(this.relayDeadLetterQueue).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: "It is a dead-letter queue itself: of the table's stream, which the check does not look at.",
    });

    this.relay = new BackboneFunction(this, 'Relay', {
      name: relayName,
      service: context,
      entry,
      durability: bus.durability,
      metricsNamespace: bus.metricsNamespace,
      timeout: RELAY_TIMEOUT,
      environment: {
        EVENT_BUS_NAME: bus.eventBus.eventBusName,
        EVENT_SOURCE: source,
        RELAY_DLQ_URL: this.relayDeadLetterQueue.queueUrl,
      },
    });
    bus.grantPublish(this.relay, source);
    this.relayDeadLetterQueue.grant(this.relay, 'sqs:SendMessage');
    this.#feedRelay([PUBLISHED_COMMITS, ...relayAlso], props.parallelizationFactor ?? 1);
    new EventStoreAlarms(this, 'Alarms', {
      ...props.alarms,
      bus,
      context,
      relay: this.relay,
      relayDeadLetterQueue: this.relayDeadLetterQueue,
    });
  }

  /**
   * Lets a function load streams and commit to them, and with `counters` change the counters beside them in the same
   * transaction.
   */
  grantCommit(grantee: IGrantable, { counters = false }: { readonly counters?: boolean } = {}): void {
    this.table.grantOnTable(
      grantee,
      'dynamodb:Query',
      'dynamodb:PutItem',
      ...(counters ? ['dynamodb:UpdateItem'] : []),
    );
  }

  #feedRelay(filters: readonly StreamFilter[], parallelizationFactor: number): void {
    const eventSourceArn = this.table.tableStreamArn;
    if (eventSourceArn === undefined) throw new Error(`the table '${this.table.node.path}' has no stream`);
    new EventSourceMapping(this, 'RelayMapping', {
      target: this.relay,
      eventSourceArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: 100,
      parallelizationFactor,
      filters: filters.map((filter) => ({ pattern: JSON.stringify(filter) })),
      // Without a limit on attempts, which is the default, age alone ends them.
      maxRecordAge: MOST_RECORD_AGE,
      reportBatchItemFailures: true,
      // For a relay that crashes or times out and so reports nothing: finds the record that it is about.
      bisectBatchOnError: true,
      onFailure: { bind: () => ({ destination: this.relayDeadLetterQueue.queueArn }) },
    });
    this.table.grantStream(
      this.relay,
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    );
  }
}
