import { randomUUID } from 'node:crypto';
import type { FactType } from '../../functions/backbone/fact.ts';
import type { Publication } from '../../functions/backbone/publisher.ts';
import type { Subscription } from '../../functions/backbone/subscription.ts';
import type { Store } from '../catalogue.ts';
import type { Outgoing, Sender } from '../dead-letters/letter-queue.ts';
import type { Filter } from '../facts/filter.ts';
import { wrongUse } from '../failure.ts';
import type { TimeRange } from '../moment.ts';
import type { Pace } from '../pace.ts';

/** Old facts for one consumer: which of those that it subscribes to. What is not given does not matter. */
export interface Replay extends TimeRange {
  /** Under which its events are told from new ones, in `replay-name`: 1–30 letters, digits and hyphens. */
  readonly name: string;
  /** Whose consumer gets them, and no other. */
  readonly subscription: Subscription;
  /** Only these of the subscription's facts. */
  readonly types?: readonly string[];
  readonly where?: Filter;
}

/** The queue of the one consumer that a replay goes to. */
export interface ReplayTarget {
  readonly sender: Sender;
  /** How long the queue holds back what is new, in seconds: what is older than that is not held back again. @default 0 */
  readonly delaySeconds?: number;
  /** Whether the queue is FIFO: a fact's group is then its stream. @default false */
  readonly isFifo?: boolean;
}

export interface ReplayOptions {
  /** How fast it goes; all consumers are idempotent, but not all are quick. */
  readonly pace: Pace;
  /** Counts, and sends nothing. @default false */
  readonly dryRun?: boolean;
  /** Stops after what is under way. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Replayed) => void;
}

/** What a replay came to. */
export interface Replayed {
  /** How many facts were looked at. */
  readonly lookedAt: number;
  /** How many of them were meant, by their types. */
  readonly chosen: Readonly<Record<string, number>>;
  /** How many were put into the queue. */
  readonly sent: number;
  /** Those that the queue did not take. */
  readonly refused: readonly { readonly eventId: string; readonly code: string; readonly message: string }[];
}

/** A name that no other replay has, for this consumer. */
export function replayName({ name }: Subscription, nowMs: number): string {
  return `${name.slice(0, 16)}-${Math.floor(nowMs / 1000).toString(36)}-${randomUUID().slice(0, 4)}`;
}

/**
 * The facts that a replay is about.
 *
 * @throws OperatorError when the replay's types are none of the subscription's, or its name cannot be one
 */
export function factsToReplay({
  name,
  subscription,
  types,
}: Pick<Replay, 'name' | 'subscription' | 'types'>): readonly FactType[] {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]{0,29}$/.test(name)) {
    throw wrongUse(`"${name}" is no name of a replay; give 1–30 letters, digits and hyphens.`);
  }
  const facts = Object.values<FactType>(subscription.facts);
  const foreign = (types ?? []).filter((type) => !facts.some((fact) => fact.type === type));
  if (foreign.length > 0) {
    const known = facts.map(({ type }) => type).join(', ');
    throw wrongUse(`${subscription.name} does not subscribe to ${foreign.join(', ')}, but to ${known}.`);
  }
  return types === undefined ? facts : facts.filter(({ type }) => types.includes(type));
}

/** Those of the facts that no store keeps: what came from outside, and what follows from no stream. */
export function keptByNoStore(facts: readonly FactType[], stores: readonly Store[]): readonly FactType[] {
  return facts.filter(
    ({ type, source }) => !stores.some((store) => store.source === source && store.facts.includes(type)),
  );
}

/** Where and when an event is made, as EventBridge writes it. */
export interface Origin {
  readonly account: string;
  readonly region: string;
}

/** A fact as EventBridge would put it into a consumer's queue in a replay. */
export function replayedEvent({ metadata, data }: Publication, replay: string, { account, region }: Origin): string {
  const { id, type, source, time } = metadata;
  return JSON.stringify({
    version: '0',
    id,
    'detail-type': type,
    source,
    account,
    // EventBridge gives seconds.
    time: `${time.slice(0, 19)}Z`,
    region,
    resources: [],
    detail: { metadata, data },
    'replay-name': replay,
  });
}

/**
 * The message by which a replayed event comes into the consumer's queue.
 *
 * @param event the fact's id, its stream, and when it happened
 */
export function messageOf(
  body: string,
  event: { readonly id: string; readonly subject?: string; readonly time: string },
  replay: string,
  { delaySeconds = 0, isFifo = false }: ReplayTarget,
  nowMs: number,
): Outgoing {
  if (isFifo) {
    return { body, attributes: {}, group: event.subject ?? event.id, deduplicationId: `${replay}-${event.id}` };
  }
  const ageSeconds = Math.max(0, (nowMs - Date.parse(event.time)) / 1000);
  return { body, attributes: {}, delaySeconds: Math.max(0, Math.ceil(delaySeconds - ageSeconds)) };
}
