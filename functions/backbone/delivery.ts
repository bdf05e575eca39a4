import type { SQSRecord } from 'aws-lambda';
import { timestamp } from './clock.ts';
import { type Metadata, parseEnvelope } from './envelope.ts';
import type { Past } from './recoverability.ts';

/** A message as its queue delivered it, with what is known of its past. */
export interface Delivery {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** The message group, where the queue is FIFO. */
  readonly group: string | undefined;
  /** How often SQS has delivered it, this time included. */
  readonly receives: number;
  readonly past: Past;
  /** In milliseconds since 1970. */
  readonly sentMs: number;
}

/** What came of the messages of FIFO queues, by their ids. */
export type PastInMemory = Map<string, Past>;

const UNTROUBLED: Past = { attempts: 0, waits: 0, sinceMs: undefined };

/**
 * Reads what SQS tells of a message.
 *
 * A standard queue counts what it delivers, and a copy brings the count of those before it along. In a FIFO queue that
 * count says less: it holds throttles, and deliveries in which the message only stood behind another of its group. There
 * the function's own memory counts; where it is gone, with the instance that had it, a message is tried a few times more.
 */
export function deliveryOf(record: SQSRecord, memory: PastInMemory): Delivery {
  const { messageId, receiptHandle, body, attributes } = record;
  const { MessageGroupId: group, ApproximateReceiveCount, SentTimestamp } = attributes;
  const isOrdered = isFifo(record);
  const past = isOrdered ? memory.get(messageId) : pastOf(record);
  return {
    messageId,
    receiptHandle,
    body,
    // Standard queues have groups too, for fairness, where a copy may leave its own.
    group: isOrdered ? group : undefined,
    receives: Number(ApproximateReceiveCount),
    past: past ?? UNTROUBLED,
    sentMs: Number(SentTimestamp),
  };
}

function isFifo({ eventSourceARN }: SQSRecord): boolean {
  return eventSourceARN.endsWith('.fifo');
}

/** The attributes with which a copy brings its past along. */
const CARRIED = { attempts: 'attemptsBefore', waits: 'waits', since: 'failingSince' } as const;

/** What a copy says of its past. */
export function carriedAttributes({ attempts, waits, sinceMs }: Past): Readonly<Record<string, string>> {
  return {
    [CARRIED.attempts]: String(attempts),
    [CARRIED.waits]: String(waits),
    ...(sinceMs !== undefined && { [CARRIED.since]: timestamp(sinceMs) }),
  };
}

function pastOf({ attributes, messageAttributes }: SQSRecord): Past {
  const carried = (name: string) => messageAttributes[name]?.stringValue;
  const repeats = Number(attributes.ApproximateReceiveCount) - 1;
  const firstReceivedMs = repeats > 0 ? Number(attributes.ApproximateFirstReceiveTimestamp) : undefined;
  const carriedMs = Date.parse(carried(CARRIED.since) ?? '');
  return {
    attempts: count(carried(CARRIED.attempts)) + repeats,
    waits: count(carried(CARRIED.waits)),
    sinceMs: Number.isNaN(carriedMs) ? firstReceivedMs : carriedMs,
  };
}

/** Anybody who may send to the queue can send attributes. */
function count(text = '0'): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** Which event a message holds, as far as it says so. */
export type Identity = Partial<Pick<Metadata, 'id' | 'type' | 'correlationId' | 'causationId' | 'traceparent'>>;

/** Tells who a message is that its consumer could not read: all that its metadata says, or what the bus gave it. */
export function identityOf(body: string): Identity {
  try {
    return parseEnvelope(body).delivery.metadata;
  } catch {
    // Why it cannot be read is known already: it is what the message is dead-lettered for.
    return busIdentityOf(body);
  }
}

function busIdentityOf(body: string): Identity {
  try {
    const event: unknown = JSON.parse(body);
    const id = typeof event === 'object' && event !== null && 'id' in event ? event.id : undefined;
    return typeof id === 'string' ? { id } : {};
  } catch {
    return {};
  }
}
