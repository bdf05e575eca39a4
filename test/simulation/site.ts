import type { DynamoDBBatchResponse, DynamoDBStreamEvent, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Clock } from '../../functions/backbone/clock.ts';
import type { Consumer } from '../../functions/backbone/consumer.ts';
import { consumerFunction } from '../../functions/backbone/consumer-function.ts';
import { COUNTER_SK, toItem } from '../../functions/backbone/dynamodb-event-store.ts';
import type { FactTypes } from '../../functions/backbone/fact.ts';
import { InMemoryEventStore } from '../../functions/backbone/in-memory-event-store.ts';
import type { Publication, Publisher } from '../../functions/backbone/publisher.ts';
import { DEFAULT_RETRY, type RetryPolicy } from '../../functions/backbone/recoverability.ts';
import type { RefusedCommit } from '../../functions/backbone/relay.ts';
import { type ItemChange, relayFunction } from '../../functions/backbone/relay-function.ts';
import type { Subscription } from '../../functions/backbone/subscription.ts';
import { PUBLISHED_COMMITS, type StreamFilter } from '../../lib/backbone/stream-filter.ts';
import { DEAD_LETTER, SOURCE_QUEUE } from './backbone-ports.ts';
import { SimulatedBus } from './bus.ts';
import type { Environment } from './environment.ts';
import { SimulatedFunction } from './function.ts';
import type { Kernel } from './kernel.ts';
import { type QueueSettings, SimulatedQueue } from './queue.ts';
import { QueueMapping, type QueueMappingSettings } from './queue-mapping.ts';
import { TableStream } from './table-stream.ts';

/** A subscription with its queue and its function. The defaults are those of the backbone's constructs. */
export interface ConsumerProps<Facts extends FactTypes>
  extends QueueMappingSettings,
    Partial<Pick<QueueSettings, 'delaySeconds' | 'visibilitySeconds' | 'maxReceives'>> {
  readonly subscription: Subscription<Facts>;
  /**
   * Starts an execution environment: makes the consumer, with its ports as the environment has them. What it makes here
   * is what the function remembers while it is warm.
   */
  readonly start: (environment: Environment) => Consumer<Facts>;
  /**
   * A queue in order, by the value at this path in the event.
   *
   * @default - no order
   */
  readonly fifo?: { readonly groupBy: string };
  /** @default 10 */
  readonly timeoutSeconds?: number;
  /** @default DEFAULT_RETRY */
  readonly retry?: RetryPolicy;
}

/** The streams of a context, with the relay that publishes what is committed to them. */
export interface EventStoreProps {
  /** Such as `orders`: the relay is called `orders-relay`. */
  readonly context: string;
  /** The `source` of its facts. */
  readonly source: string;
  /** Facts that follow from a changed counter. */
  readonly derive?: (change: ItemChange) => readonly Publication[];
  /** How a fact that ends a saga tells that it ended, for metrics. */
  readonly outcomeOf?: (publication: Publication) => string | undefined;
  /** What the relay receives beside the commits that have facts to publish. */
  readonly relayAlso?: readonly StreamFilter[];
  /**
   * How many shards the table has.
   *
   * @default 2
   */
  readonly shards?: number;
}

/** What a world is described with. Everything else is plain objects, made anew for each world. */
export interface Site {
  /** A context's streams, and its relay. */
  eventStore(props: EventStoreProps): InMemoryEventStore;
  /** A subscription, its queue and its function. */
  consumer<Facts extends FactTypes>(props: ConsumerProps<Facts>): void;
  /** The way onto the bus, for functions that publish by themselves. */
  readonly publisher: Publisher;
  /** The world's time, for what lies behind ports and knows it, such as a provider that forgets. */
  readonly clock: Pick<Clock, 'now'>;
}

/** What a world consists of. Called once for each world; answers whatever its tests look at. */
export type Description<Parts> = (site: Site) => Parts;

/** What a relay put aside: which commit, and why. */
export type AsideCommit = Omit<RefusedCommit, 'message'>;

/** Builds what a description asks for. */
export class SimulatedSite implements Site {
  readonly bus: SimulatedBus;
  readonly publisher: Publisher;
  readonly clock: Pick<Clock, 'now'>;
  /** By subscription. */
  readonly queues = new Map<string, SimulatedQueue>();
  readonly streams: TableStream[] = [];
  readonly functions: { readonly intentions: readonly string[] }[] = [];
  /** What relays put aside, by context. */
  readonly refused = new Map<string, readonly AsideCommit[]>();
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    this.bus = new SimulatedBus(kernel);
    this.publisher = this.bus;
    this.clock = { now: () => kernel.scheduler.nowMs };
  }

  eventStore({ context, source, derive, outcomeOf, relayAlso = [], shards = 2 }: EventStoreProps): InMemoryEventStore {
    const aside: AsideCommit[] = [];
    this.refused.set(context, aside);
    const relay = new SimulatedFunction<DynamoDBStreamEvent, DynamoDBBatchResponse>(this.#kernel, {
      name: `${context}-relay`,
      timeoutMs: RELAY_TIMEOUT_MS,
      start: (environment) => {
        const deadLetter = (refused: RefusedCommit) =>
          environment.call(
            'dead-letters',
            'send',
            DEAD_LETTER,
            (one) => Promise.resolve(void aside.push(one)),
            refused,
          );
        const publisher = environment.publisher(this.bus);
        const ports = { source, publisher, deadLetter, clock: environment.clock, ...(outcomeOf && { outcomeOf }) };
        return relayFunction(ports, derive);
      },
    });
    const stream = new TableStream(this.#kernel, {
      name: context,
      relay,
      filters: [PUBLISHED_COMMITS, ...relayAlso],
      shards,
      lapsed: (key) => aside.push({ key, code: 'RecordTooOld' }),
    });
    this.#kernel.scheduler.add(relay, ...stream.shards);
    this.functions.push(relay);
    this.streams.push(stream);
    return new InMemoryEventStore(({ commit, counters }) => {
      stream.put(toItem(commit));
      for (const { counter, before, after } of counters) {
        const key = { pk: counter, sk: COUNTER_SK };
        stream.put({ ...after, ...key }, before && { ...before, ...key });
      }
    });
  }

  consumer<Facts extends FactTypes>(props: ConsumerProps<Facts>): void {
    const { subscription, start, fifo, timeoutSeconds = 10, retry = DEFAULT_RETRY, delaySeconds = 0 } = props;
    const { name } = subscription;
    const { visibilitySeconds = 6 * timeoutSeconds } = props;
    const { maxReceives = (fifo === undefined ? 1 : 4) * retry.attempts + 10 } = props;
    if (this.queues.has(name)) throw new Error(`there is a subscription ${name} already`);
    const { scheduler } = this.#kernel;
    const settings = { delaySeconds, visibilitySeconds, maxReceives, isFifo: fifo !== undefined };
    const queue = new SimulatedQueue(name, scheduler, settings);
    const handler = new SimulatedFunction<SQSEvent, SQSBatchResponse>(this.#kernel, {
      name,
      timeoutMs: timeoutSeconds * 1000,
      start: (environment) =>
        consumerFunction(start(environment), {
          clock: environment.clock,
          queue: environment.port('queue', queue, SOURCE_QUEUE),
          retry,
        }),
    });
    this.queues.set(name, queue);
    this.functions.push(handler);
    this.bus.subscribe(subscription, queue, fifo?.groupBy);
    scheduler.add(handler, new QueueMapping(this.#kernel, queue, handler, props));
  }
}

/** What the backbone's construct says: lib/backbone/event-store.ts. */
const RELAY_TIMEOUT_MS = 60_000;
