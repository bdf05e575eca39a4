import type { Clock } from './clock.ts';
import type { Fact, FactsOf, FactType, FactTypes, ValidatorError } from './fact.ts';
import { PermanentFailure } from './failure.ts';
import type { Subscription } from './subscription.ts';
import { traceparentOf } from './trace-context.ts';

/** What is known of a fact beside its data. The names are those of CloudEvents where it has one. */
export interface Metadata {
  /** Given by the producer and stable over every re-publish: duplicates are told by it. */
  readonly id: string;
  /** RFC 3339, UTC. */
  readonly time: string;
  readonly type: string;
  readonly source: string;
  /** The stream, such as `order#order-c1`. */
  readonly subject?: string;
  /** The version of the stream's commit. */
  readonly version?: number;
  /** The ordinal among the stream's published facts, from 1, without gaps. */
  readonly sequence?: number;
  readonly schemaVersion: number;
  /** The whole flow's id: a stream's first, handed down. */
  readonly correlationId: string;
  /** When the flow began: the time of its first event, handed down with its id. RFC 3339, UTC. */
  readonly correlationTime?: string;
  /** The id of the event from which this one was decided. */
  readonly causationId?: string;
  /** W3C trace context: one trace a flow, one span a fact; see `traceparentAfter`. */
  readonly traceparent?: string;
  /** How many events led here, one after the other. */
  readonly hops: number;
}

/** How a fact came to a consumer. */
export interface Delivery {
  readonly metadata: Metadata;
  /** Whether the producer itself gave the time; otherwise it is EventBridge's. */
  readonly timeGiven: boolean;
  /** The name of the archive replay that brought it, when one did. */
  readonly replay?: string;
}

/** A fact with everything that is known of it. */
export type Received<F extends Fact = Fact> = F & Delivery;

/** Something wrong with an event: where (a JSON pointer into its data, or a field's name) and what. */
export interface Fault {
  readonly where: string;
  readonly what: string;
}

export type UnreadableReason =
  | 'malformed'
  | 'not_an_event'
  | 'unknown_fact'
  | 'unknown_version'
  | 'invalid'
  | 'too_many_hops'
  | 'from_the_future';

/** How many faults a message names: fifty bad lines would bury what is wrong. */
const MOST_SHOWN = 5;

/** An event that no attempt will ever make readable. */
export class UnreadableEvent extends PermanentFailure {
  override readonly name = 'UnreadableEvent';
  override readonly reason: UnreadableReason;
  readonly faults: readonly Fault[];

  constructor(reason: UnreadableReason, summary: string, faults: readonly Fault[] = [], cause?: unknown) {
    const shown = faults.slice(0, MOST_SHOWN).map(({ where, what }) => `${where} ${what}`);
    const more = faults.length > MOST_SHOWN ? [`and ${faults.length - MOST_SHOWN} more`] : [];
    super([summary, ...shown, ...more].join('; '), { cause });
    this.reason = reason;
    this.faults = faults;
  }
}

/** With this many events behind one another, it is a loop and not a flow. */
export const MOST_HOPS = 32;

/** How far a producer's clock may be ahead of ours. */
export const MOST_AHEAD_MS = 5 * 60_000;

/**
 * Reads a message of a subscription's queue: EventBridge's event with `detail` as
 * `{ metadata, data }`, `{ data }`, or the bare data. What is missing of the metadata is filled from EventBridge's own.
 *
 * @throws UnreadableEvent when it is not JSON, not an event, none of the subscription's facts, or does not fit its schema
 */
export function readEvent<Facts extends FactTypes>(
  { name, facts }: Subscription<Facts>,
  body: string,
  clock: Clock,
): Received<FactsOf<Facts>> {
  const { data, delivery } = parseEnvelope(body);
  const { type, source, schemaVersion, hops, time } = delivery.metadata;
  const factType = Object.hasOwn(facts, type) ? facts[type as keyof Facts] : undefined;
  if (factType === undefined || factType.source !== source) {
    const known = Object.values<FactType>(facts).map((known) => `${known.type} of ${known.source}`);
    throw new UnreadableEvent('unknown_fact', `${name} does not handle ${type} of ${source}, but ${known.join(', ')}`);
  }
  if (schemaVersion !== factType.schemaVersion) {
    const known = `knows ${type} in version ${factType.schemaVersion}`;
    throw new UnreadableEvent('unknown_version', `${name} ${known}, not in version ${schemaVersion}`);
  }
  if (hops >= MOST_HOPS) {
    throw new UnreadableEvent('too_many_hops', `${type} has come over ${hops} events: taken for a loop`);
  }
  if (Date.parse(time) > clock.now() + MOST_AHEAD_MS) {
    throw new UnreadableEvent('from_the_future', `${type} is dated ${time}, more than 5 minutes ahead of now`);
  }
  assertFits(factType, data);
  return { ...({ type, data } as FactsOf<Facts>), ...delivery };
}

/**
 * Holds data against its fact's schema.
 *
 * @throws UnreadableEvent that says what is wrong and where
 */
export function assertFits<Data>(factType: FactType<string, Data>, data: unknown): asserts data is Data {
  if (factType.accepts(data)) return;
  const faults = (factType.accepts.errors ?? []).map(toFault);
  const summary = `${factType.type} does not fit its schema in version ${factType.schemaVersion}`;
  throw new UnreadableEvent('invalid', summary, faults);
}

function toFault({ instancePath, keyword, params, message }: ValidatorError): Fault {
  const allowed = keyword === 'enum' ? `: ${JSON.stringify(params.allowedValues)}` : '';
  return { where: `data${instancePath}`, what: `${message ?? `violates ${keyword}`}${allowed}` };
}

interface Envelope {
  readonly data: unknown;
  readonly delivery: Delivery;
}

/** The envelope alone, without regard to any subscription. */
export function parseEnvelope(body: string): Envelope {
  const event = parseJson(body);
  const isEvent = isObject(event) && isText(event['detail-type']) && isText(event.source) && isId(event.id);
  if (!isEvent || !isObject(event.detail) || !isTime(event.time)) {
    const needed = 'id, time, source, detail-type and an object as detail';
    throw new UnreadableEvent('not_an_event', `the message is not an EventBridge event, which has ${needed}`);
  }
  const { given, data } = splitDetail(event.detail);
  const own = { id: event.id, time: event.time, type: event['detail-type'], source: event.source };
  const metadata = completeMetadata(given, own as Pick<Metadata, 'id' | 'time' | 'type' | 'source'>);
  return {
    data,
    delivery: {
      metadata,
      timeGiven: given.time !== undefined,
      ...(isText(event['replay-name']) && { replay: event['replay-name'] }),
    },
  };
}

function splitDetail(detail: Record<string, unknown>): { given: Record<string, unknown>; data: unknown } {
  const others = Object.keys(detail).filter((key) => key !== 'metadata' && key !== 'data');
  // Anything beside the two means that the detail is the data itself, which may have a field of either name.
  if (!Object.hasOwn(detail, 'data') || others.length > 0) return { given: {}, data: detail };
  if (detail.metadata === undefined) return { given: {}, data: detail.data };
  if (!isObject(detail.metadata)) {
    throw new UnreadableEvent('not_an_event', 'the event is broken', [
      { where: 'metadata', what: 'must be an object' },
    ]);
  }
  return { given: detail.metadata, data: detail.data };
}

/** Each field's test, and what a value that fails it is told. */
const METADATA_FIELDS: Readonly<Record<keyof Metadata, readonly [test: (value: unknown) => boolean, what: string]>> = {
  id: [isId, 'must be an id: 1 to 64 letters, digits and ._:-'],
  time: [isTime, 'must be an RFC 3339 time, such as 2026-01-31T12:00:00.000Z'],
  type: [isText, 'must be a text of 1 to 256 characters'],
  source: [isText, 'must be a text of 1 to 256 characters'],
  subject: [isText, 'must be a text of 1 to 256 characters'],
  version: [isPositive, 'must be a whole number from 1'],
  sequence: [isPositive, 'must be a whole number from 1'],
  schemaVersion: [isPositive, 'must be a whole number from 1'],
  correlationId: [isId, 'must be an id: 1 to 64 letters, digits and ._:-'],
  correlationTime: [isTime, 'must be an RFC 3339 time, such as 2026-01-31T12:00:00.000Z'],
  causationId: [isId, 'must be an id: 1 to 64 letters, digits and ._:-'],
  traceparent: [isTraceparent, 'must be a W3C traceparent'],
  hops: [isCount, 'must be a whole number from 0'],
};

function completeMetadata(
  given: Record<string, unknown>,
  own: Pick<Metadata, 'id' | 'time' | 'type' | 'source'>,
): Metadata {
  const faults: Fault[] = [];
  for (const [field, [test, what]] of Object.entries(METADATA_FIELDS)) {
    if (given[field] !== undefined && !test(given[field])) faults.push({ where: `metadata.${field}`, what });
  }
  // The bus lets a role publish under its own source only; metadata that claims another would get around that.
  for (const field of ['type', 'source'] as const) {
    if (isText(given[field]) && given[field] !== own[field]) {
      faults.push({ where: `metadata.${field}`, what: `is ${given[field]}, but the bus carried ${own[field]}` });
    }
  }
  if (faults.length > 0) throw new UnreadableEvent('not_an_event', 'the metadata is broken', faults);
  const known = Object.keys(METADATA_FIELDS).filter((field) => given[field] !== undefined);
  const checked: Partial<Metadata> = Object.fromEntries(known.map((field) => [field, given[field]]));
  const { id = own.id, time = own.time, correlationId = id } = checked;
  const isFirst = correlationId === id;
  return {
    ...own,
    schemaVersion: 1,
    correlationId,
    ...(isFirst && { correlationTime: time }),
    hops: 0,
    ...checked,
    traceparent: traceparentOf({ id, correlationId, traceparent: checked.traceparent }),
  };
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new UnreadableEvent('malformed', 'the message is not JSON', [], cause);
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 256;
}

/** The schemas' rule for ids: these become causes and causations of facts. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9._:-]{1,64}$/.test(value);
}

function isTime(value: unknown): boolean {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(value)) return false;
  const ms = Date.parse(value);
  // `Date` takes 30 February for 2 March.
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === value.slice(0, 10);
}

function isPositive(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 1;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTraceparent(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(value);
}
