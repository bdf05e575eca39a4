import { timestamp } from '../../functions/backbone/clock.ts';
import type { Metadata } from '../../functions/backbone/envelope.ts';
import {
  eventBytes,
  MOST_EVENT_BYTES,
  type Publication,
  type Published,
  type Publisher,
  tooLarge,
} from '../../functions/backbone/publisher.ts';
import type { Subscription } from '../../functions/backbone/subscription.ts';
import { type FactPattern, patternOf } from '../../lib/backbone/event-pattern.ts';
import { hashOf, uuidOf } from './hash.ts';
import { type Kernel, note } from './kernel.ts';
import { fits } from './pattern.ts';
import type { SimulatedQueue } from './queue.ts';

/** An event as it comes on the bus. */
export interface BusEntry {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
}

/** An event as EventBridge hands it on. */
export interface BusEvent extends BusEntry {
  readonly id: string;
  /** RFC 3339 in whole seconds. */
  readonly time: string;
}

interface Rule {
  readonly pattern: FactPattern;
  readonly queue: SimulatedQueue;
  readonly groupBy: string | undefined;
}

/** EventBridge: a rule for each subscription, whose pattern is the one that is deployed. At least once, in any order. */
export class SimulatedBus implements Publisher {
  /** Everything that came on the bus, in order. */
  readonly events: BusEvent[] = [];
  /** What could not be delivered to a FIFO queue: it has no value to be grouped by. */
  readonly undelivered: { readonly queue: string; readonly event: BusEvent }[] = [];
  readonly #kernel: Kernel;
  readonly #rules: Rule[] = [];
  readonly #timesPut = new Map<string, number>();

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  subscribe({ facts }: Subscription, queue: SimulatedQueue, groupBy: string | undefined): void {
    this.#rules.push({ pattern: patternOf(facts), queue, groupBy });
  }

  publish(publications: readonly Publication[]): Promise<readonly Published[]> {
    const answers = publications.map(({ metadata, data }): Published => {
      const detail = JSON.stringify({ metadata, data });
      const bytes = eventBytes(metadata, detail);
      if (bytes > MOST_EVENT_BYTES) return tooLarge(metadata, bytes);
      this.#put(metadata.source, metadata.type, detail);
      return { kind: 'published' };
    });
    return Promise.resolve(answers);
  }

  put({ source, 'detail-type': type, detail }: BusEntry): void {
    this.#put(source, type, JSON.stringify(detail));
  }

  /** There is nothing but JSON on the bus: nobody shares an object with who published it. */
  #put(source: string, type: string, detail: string): void {
    const { scheduler } = this.#kernel;
    const content = `${source} ${type} ${hashOf(detail)}`;
    const times = this.#timesPut.get(content) ?? 0;
    this.#timesPut.set(content, times + 1);
    const id = uuidOf(`event ${content} ${times}`);
    const time = `${timestamp(scheduler.nowMs).slice(0, 19)}Z`;
    const event: BusEvent = { id, 'detail-type': type, source, time, detail: JSON.parse(detail) };
    this.events.push(event);
    note(this.#kernel, { who: 'bus', did: 'carries', about: type, outcome: source });
    const head = {
      version: '0',
      id,
      'detail-type': type,
      source,
      account: '123456789012',
      time,
      region: 'eu-central-1',
    };
    const body = `${JSON.stringify({ ...head, resources: [] }).slice(0, -1)},"detail":${detail}}`;
    for (const rule of this.#rules) if (fits(rule.pattern, event)) this.#deliver(event, body, rule);
  }

  #deliver(event: BusEvent, body: string, { queue, groupBy }: Rule): void {
    const group = groupBy === undefined ? undefined : valueAt(groupBy, event);
    if (groupBy !== undefined && group === undefined) {
      this.undelivered.push({ queue: queue.name, event });
      return;
    }
    const { scheduler, calls, lateMs } = this.#kernel;
    const about = `${event['detail-type']} to ${queue.name}`;
    const { n, fault } = calls.announce({
      who: 'bus',
      port: 'bus',
      method: 'deliver',
      about,
      faults: ['twice', 'late'],
    });
    if (fault !== undefined) note(this.#kernel, { who: 'bus', did: 'bus.deliver', about, n, fault });
    const letter = { body, attributes: {}, ...(group !== undefined && { group }) };
    const send = () => queue.send(letter);
    if (fault === 'late') scheduler.at(scheduler.nowMs + lateMs, { who: 'bus', what: 'deliver', about }, send);
    else send();
    if (fault === 'twice') send();
  }
}

/** The text at a path such as `$.detail.metadata.subject`, if there is one. */
function valueAt(path: string, event: BusEvent): string | undefined {
  let found: unknown = event;
  for (const field of path.split('.').slice(1)) {
    found = typeof found === 'object' && found !== null ? Reflect.get(found, field) : undefined;
  }
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** What is known of an event on the bus beside its data, as far as its producer gave it. */
export function metadataOf({ detail }: BusEvent): Partial<Metadata> {
  if (typeof detail !== 'object' || detail === null || !('metadata' in detail)) return {};
  return typeof detail.metadata === 'object' && detail.metadata !== null ? detail.metadata : {};
}
