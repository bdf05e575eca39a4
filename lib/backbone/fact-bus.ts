import type { Duration } from 'aws-cdk-lib';
import { Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { AlarmTopic } from './alarm-topic.ts';
import type { Durability } from './durability.ts';
import { type FaultRule, refuseFaults } from './faults.ts';

export interface FactBusProps {
  /**
   * The bus's physical name, and the beginning of every name on it: queues, functions and tables are
   * `<bus>-<subscription>` and so on, where operators look for them. So an account and region hold a bus, and with it
   * a stage, once. 1–40 letters, digits and hyphens.
   */
  readonly name: string;
  /** Taken over by everything on the bus. */
  readonly durability: Durability;
  /**
   * How long the archive keeps each event, in whole days: as far back as a replay can reach. Tallies keep their markers
   * for longer than this, and effects do not act on older events by themselves.
   *
   * @default - as the durability says: 90 days, or 7 when disposable
   */
  readonly archiveRetention?: Duration;
  /**
   * A mail address that is told of every alarm on the bus.
   *
   * @default - nobody is told: subscribe to the topic by hand
   */
  readonly alarmsTo?: string;
}

const FAULTS: readonly FaultRule<FactBusProps>[] = [
  {
    wrong: ({ name }) => !/^[A-Za-z0-9][A-Za-z0-9-]{0,39}$/.test(name),
    fault: ({ name }) =>
      `name is '${name}': give 1–40 letters, digits and hyphens, to leave room for the names that begin with it`,
  },
  {
    wrong: ({ archiveRetention }) => archiveRetention !== undefined && !isWholeDays(archiveRetention),
    fault: ({ archiveRetention }) =>
      `archiveRetention is ${archiveRetention?.toHumanString()}: give 1 or more whole days`,
  },
];

function isWholeDays(duration: Duration): boolean {
  const days = duration.toDays({ integral: false });
  return Number.isInteger(days) && days >= 1;
}

/**
 * The bus that facts are published on, its archive, and the topic that its alarms go to.
 *
 * The archive receives every event of the bus but replayed ones: EventBridge leaves those out by itself.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
 * @example
 * const bus = new FactBus(this, 'Bus', { name: 'factbus', durability: disposable });
 */
export class FactBus extends Construct {
  readonly eventBus: EventBus;
  readonly archive: Archive;
  /** Where the alarms of everything on the bus go. */
  readonly alarmTopic: AlarmTopic;
  readonly durability: Durability;
  readonly #name: string;

  constructor(scope: Construct, id: string, props: FactBusProps) {
    super(scope, id);
    refuseFaults(`FactBus '${this.node.path}'`, props, FAULTS);
    this.#name = props.name;
    this.durability = props.durability;

    this.eventBus = new EventBus(this, 'EventBus', { eventBusName: props.name });
    this.archive = new Archive(this, 'Archive', {
      archiveName: this.nameFor('archive'),
      sourceEventBus: this.eventBus,
      eventPattern: {},
      retention: props.archiveRetention ?? props.durability.archiveRetention,
    });
    // The bus stays with the archive, which can only be replayed to the bus that it was recorded from.
    this.eventBus.applyRemovalPolicy(props.durability.removalPolicy);
    this.archive.applyRemovalPolicy(props.durability.removalPolicy);
    this.alarmTopic = new AlarmTopic(this, 'AlarmTopic', {
      topicName: this.nameFor('alarms'),
      namesBegin: props.name,
      ...(props.alarmsTo !== undefined && { mailTo: props.alarmsTo }),
    });
  }

  /** The namespace of all metrics on the bus: its name, so that stages in one account do not count together. */
  get metricsNamespace(): string {
    return this.#name;
  }

  /** The physical name of something on this bus: `factbus-orders-relay` for `orders`, `relay`. */
  nameFor(...parts: readonly string[]): string {
    return [this.#name, ...parts].join('-');
  }

  /** Lets a function publish facts of one source on this bus, and of no other. */
  grantPublish(grantee: IGrantable, source: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [this.eventBus.eventBusArn],
        conditions: { StringEquals: { 'events:source': source } },
      }),
    );
  }
}
