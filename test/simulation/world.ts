import { timestamp } from '../../functions/backbone/clock.ts';
import type { Metadata } from '../../functions/backbone/envelope.ts';
import type { FactType } from '../../functions/backbone/fact.ts';
import { type BusEvent, metadataOf, type SimulatedBus } from './bus.ts';
import { CallLog, History } from './call-log.ts';
import { type Choices, inOrder } from './choices.ts';
import { type Call, type FaultPlan, type Faults, NO_FAULTS } from './faults.ts';
import { hashOf, uuidOf } from './hash.ts';
import type { Kernel } from './kernel.ts';
import type { SimulatedQueue } from './queue.ts';
import { inWorld } from './quiet.ts';
import { type Picked, type RunLimits, Scheduler } from './scheduler.ts';
import { type AsideCommit, type Description, SimulatedSite } from './site.ts';
import { type TimelineStyle, type TraceEntry, timeline } from './trace.ts';

export type { ConsumerProps, Description, EventStoreProps, Site } from './site.ts';

/** What is left open by a description. Two worlds with the same of it, and the same events, go the same way. */
export interface WorldOptions {
  /**
   * Where ids, jitter and clock skews come from.
   *
   * @default 1
   */
  readonly seed?: string | number;
  /** @default the plain course of things */
  readonly choices?: Choices;
  /** @default none */
  readonly faults?: Faults;
  /**
   * RFC 3339.
   *
   * @default 2026-01-31T12:00:00.000Z
   */
  readonly start?: string;
  /**
   * How much time each step takes. With 0, orders of steps that make no difference end in the same state.
   *
   * @default 1
   */
  readonly stepMs?: number;
  /**
   * How far the clock of an environment may be off, in either direction.
   *
   * @default 0
   */
  readonly skewMs?: number;
  /**
   * How late what is late comes.
   *
   * @default 300
   */
  readonly lateSeconds?: number;
  /**
   * Whether functions keep their environments from one call to the next.
   *
   * @default true
   */
  readonly warm?: boolean;
  /**
   * Whether to keep what `fingerprint` needs, at some cost.
   *
   * @default false
   */
  readonly fingerprints?: boolean;
}

/** How an event is sent from outside. */
export interface Sending {
  /**
   * How much later than now, in seconds.
   *
   * @default 0
   */
  readonly inSeconds?: number;
  /**
   * With metadata, as another context does; as `{ data }`; or as the bare data, as a person does.
   *
   * @default metadata
   */
  readonly form?: 'metadata' | 'data' | 'bare';
  /**
   * What is said beside the data.
   *
   * @default an id of its own, and the time
   */
  readonly metadata?: Partial<Metadata>;
}

/** A fact that was published. */
export interface PublishedFact<Data> {
  readonly metadata: Partial<Metadata>;
  readonly data: Data;
}

/**
 * A world in which functions run as on AWS, with virtual time: bus, rules, queues, table streams, relays and execution
 * environments, any of which may fail where a plan says so. Which of all possible steps comes next is a matter of
 * choices. One description, one seed, the same events, faults and choices: the same run, to the last record of its trace.
 *
 * @example
 * const world = new World(({ eventStore, consumer }) => {
 *   const store = eventStore({ context: 'loyalty', source: 'shop.loyalty' });
 *   consumer({ subscription: loyalty, start: (environment) => loyaltyConsumer(environment.reactorPorts(store)) });
 *   return { store };
 * }, { faults: planned({ 3: 'dies-after' }) });
 * world.send(OrderShipped, { … });
 * await world.run();
 * await world.heal();
 * expect(world.published(PointsGranted)).toHaveLength(1);
 */
export class World<Parts> {
  /** What the description answered. */
  readonly parts: Parts;
  /** What functions counted, by the names of their metrics. */
  readonly counts: ReadonlyMap<string, number>;
  readonly trace: readonly TraceEntry[];
  /** What relays put aside, by context. */
  readonly refused: ReadonlyMap<string, readonly AsideCommit[]>;
  readonly #kernel: Kernel;
  readonly #site: SimulatedSite;
  readonly #bus: SimulatedBus;
  readonly #startMs: number;
  #sent = 0;

  constructor(describe: Description<Parts>, options: WorldOptions = {}) {
    const { seed = 1, choices = inOrder, faults = NO_FAULTS, start = '2026-01-31T12:00:00.000Z', stepMs = 1 } = options;
    const { skewMs = 0, lateSeconds = 300, warm = true, fingerprints = false } = options;
    this.#startMs = Date.parse(start);
    const scheduler = new Scheduler(choices, { startMs: this.#startMs, stepMs });
    this.#kernel = {
      seed: String(seed),
      scheduler,
      calls: new CallLog(scheduler, faults),
      trace: [],
      counts: new Map(),
      history: fingerprints ? new History() : undefined,
      skewMs,
      lateMs: lateSeconds * 1000,
      warm,
      running: 'world',
    };
    this.trace = this.#kernel.trace;
    this.counts = this.#kernel.counts;
    const site = new SimulatedSite(this.#kernel);
    this.#site = site;
    this.#bus = site.bus;
    this.refused = site.refused;
    // Descriptions take apart what they are given.
    this.parts = describe({
      eventStore: (props) => site.eventStore(props),
      consumer: (props) => site.consumer(props),
      publisher: site.publisher,
      clock: site.clock,
    });
  }

  /** Milliseconds since 1970. */
  get nowMs(): number {
    return this.#kernel.scheduler.nowMs;
  }

  /** Lets somebody outside put an event on the bus. */
  send<Data>(fact: FactType<string, Data>, data: NoInfer<Data>, how: Sending = {}): void {
    const { inSeconds = 0, form = 'metadata', metadata = {} } = how;
    const { scheduler, seed } = this.#kernel;
    const { type, source, schemaVersion } = fact;
    this.#sent += 1;
    const id = uuidOf(`${seed} sent ${this.#sent}`);
    scheduler.at(scheduler.nowMs + inSeconds * 1000, { who: 'outside', what: 'sends', about: type }, () => {
      const time = timestamp(scheduler.nowMs);
      const own = { id, time, type, source, schemaVersion, correlationId: metadata.id ?? id, hops: 0, ...metadata };
      const detail = form === 'bare' ? data : form === 'data' ? { data } : { metadata: own, data };
      this.#bus.put({ source, 'detail-type': type, detail });
    });
  }

  /** Puts an event on the bus that is no fact of anybody's: for what should be refused. */
  sendRaw(event: { readonly source: string; readonly type: string; readonly detail: unknown }): void {
    const { scheduler } = this.#kernel;
    scheduler.at(scheduler.nowMs, { who: 'outside', what: 'sends', about: event.type }, () =>
      this.#bus.put({ source: event.source, 'detail-type': event.type, detail: event.detail }),
    );
  }

  /**
   * Runs until nothing is left to happen by itself, or for a time.
   *
   * @throws NotQuiet when there is no end, PlanDoesNotFit when a planned fault is impossible
   */
  async run(limits: RunLimits = {}): Promise<void> {
    await inWorld(this.#kernel, () => this.#kernel.scheduler.run(limits));
  }

  /** From now on nothing goes wrong, all dead letters are redriven, and it runs until nothing is left to happen. */
  async heal(limits: RunLimits = {}): Promise<void> {
    this.#kernel.calls.heal();
    await this.run(limits);
    if (this.redrive() > 0) await this.run(limits);
  }

  /** Takes the dead letters of all consumers back into their queues. Answers how many there were. */
  redrive(): number {
    let redriven = 0;
    for (const queue of this.#site.queues.values()) redriven += queue.redrive();
    return redriven;
  }

  /** All facts of a kind that were published, each once, however often it came on the bus. */
  published<Data>({ type, source }: FactType<string, Data>): readonly PublishedFact<Data>[] {
    const facts = new Map<string, PublishedFact<Data>>();
    for (const event of this.#bus.events) {
      if (event['detail-type'] !== type || event.source !== source) continue;
      const metadata = metadataOf(event);
      const id = metadata.id ?? event.id;
      // Whoever publishes has held it against its schema.
      facts.set(id, { metadata, data: (event.detail as { readonly data: Data }).data });
    }
    return [...facts.values()];
  }

  /** Everything that came on the bus, in order. */
  get events(): readonly BusEvent[] {
    return this.#bus.events;
  }

  /** Events that no FIFO queue could take: they have nothing to be grouped by. */
  get undelivered(): SimulatedBus['undelivered'] {
    return this.#bus.undelivered;
  }

  /**
   * A subscription's queue.
   *
   * @throws Error when there is none
   */
  queue(subscription: string): SimulatedQueue {
    const queue = this.#site.queues.get(subscription);
    if (queue === undefined)
      throw new Error(`no ${subscription} in this world, but ${[...this.#site.queues.keys()].join(', ')}`);
    return queue;
  }

  get queues(): readonly SimulatedQueue[] {
    return [...this.#site.queues.values()];
  }

  /** All moments at which something could have gone wrong, with what did: what a campaign chooses from. */
  get calls(): readonly Call[] {
    return this.#kernel.calls.all;
  }

  /** The faults that there were, to repeat them: `planned(world.plan)`. */
  get plan(): FaultPlan {
    return Object.fromEntries(this.calls.flatMap(({ n, fault }) => (fault === undefined ? [] : [[n, fault]])));
  }

  /** What was chosen, to repeat it: `recorded(world.picks)`. */
  get picks(): readonly number[] {
    return this.#kernel.scheduler.picks.map(({ picked }) => picked);
  }

  /** Where something was to be chosen, out of how many, and what was. */
  get choicePoints(): readonly Picked[] {
    return this.#kernel.scheduler.picks;
  }

  /**
   * Tells where the world stands: two that tell the same go on in the same ways. It knows what was done behind each port,
   * what each environment was answered and is about to do, and what waits in queues, streams and for its time.
   *
   * @throws Error when the world was made without `fingerprints`
   */
  fingerprint(): string {
    const { history, scheduler } = this.#kernel;
    if (history === undefined) throw new Error('this world keeps no fingerprints: give fingerprints: true');
    const { nowMs } = scheduler;
    const stands = [
      ...history.marks,
      ...this.#site.functions.flatMap(({ intentions }) => intentions),
      ...this.queues.flatMap(({ name, messages, deadLetters }) => [
        ...messages.map((one) => `${name} ${one.messageId} ${one.receives} ${Math.max(0, one.visibleMs - nowMs)}`),
        ...deadLetters.map(({ body, by }) => `${name} dead by ${by} ${body}`),
      ]),
      ...this.#site.streams.flatMap(({ shards }) => shards.map((shard) => shard.stands)),
      ...scheduler.timers.map(({ atMs, what, about }) => `${what} ${about} in ${atMs - nowMs}`),
    ];
    return `${nowMs} ${hashOf(stands.sort().join('\n'))}`;
  }

  /** What happened, for people. */
  timeline(style: TimelineStyle = {}): string {
    return timeline(this.trace, this.#startMs, style);
  }
}
