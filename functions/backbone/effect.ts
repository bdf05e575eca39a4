import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import type { BasePersistenceLayer } from '@aws-lambda-powertools/idempotency/persistence';
import { type Clock, timestamp } from './clock.ts';
import type { Consumer } from './consumer.ts';
import { assertFits, type Received } from './envelope.ts';
import type { Fact, FactOf, FactType, FactTypes } from './fact.ts';
import { Transient } from './failure.ts';
import { uuidFrom } from './ids.ts';
import type { Publication, Publisher } from './publisher.ts';
import type { Subscription } from './subscription.ts';
import { traceparentAfter } from './trace-context.ts';

/**
 * How long a record of an effect is kept: twice the longest that an event may wait in a queue (4 days) and its
 * dead-letter queue (14 days) before it comes again.
 */
export const RECORD_LIFETIME_SECONDS = 2 * 18 * 24 * 3600;

/** What an effect does for a fact. */
export interface Act<Cause extends Fact, Result> {
  /** What is done once: by its meaning, so that the same fact under another id does not do it again. */
  readonly once: (data: Cause['data']) => string;
  /**
   * Does it, and answers the data of the fact that it was done; nothing when there was nothing to do.
   * At least once: when the answer of the outside is lost, it comes again.
   */
  readonly act: (fact: Received<Cause>) => Promise<Result | undefined>;
}

/** An act for each fact of the subscription and for no other. */
export type Acts<Facts extends FactTypes, Result> = {
  readonly [Name in keyof Facts]: Act<FactOf<Facts[Name]>, Result>;
};

export interface EffectPorts<Result> {
  /** The fact that tells what was done. */
  readonly publishes: FactType<string, Result>;
  readonly publisher: Publisher;
  /** Powertools' store of idempotency records. */
  readonly records: BasePersistenceLayer;
  readonly clock: Clock;
  /**
   * Whether to act on what is replayed or older than the records reach.
   *
   * @default false
   */
  readonly actOnOldEvents?: boolean;
  /** Told of events that were not acted upon. */
  readonly skipped?: (fact: Received, why: string) => void;
}

/** What was done could not be told: it is told when the event comes again, from the record. */
export class NotPublished extends Transient {
  override readonly name = 'NotPublished';
}

/**
 * The kind of consumer that acts on the outside and owns no stream. A duplicate is harmless because a record is put
 * before the act, and completed with its result after it:
 *
 *     put the record (in progress) ── act ── complete it with the result ── publish the result
 *                                     ╳ the lease runs out with the function: the event comes again and acts again
 *                                            ╳ acted again: at least once, not exactly
 *                                                                       ╳ published from the record, under the same id
 */
export function effect<Facts extends FactTypes, Result>(
  subscription: Subscription<Facts>,
  acts: Acts<Facts, Result>,
  { publishes, publisher, records, clock, actOnOldEvents = false, skipped }: EffectPorts<Result>,
): Consumer<Facts> {
  const config = new IdempotencyConfig({ expiresAfterSeconds: RECORD_LIFETIME_SECONDS });
  const once = { persistenceStore: records, config, keyPrefix: subscription.name };

  const handle = async (fact: Received<Fact>): Promise<void> => {
    const old = tooOld(fact, clock.now());
    if (old !== undefined && !actOnOldEvents) {
      skipped?.(fact, old);
      return;
    }
    // A fact's type chose its act, so it is what the act takes; the compiler cannot follow that through a map.
    const { once: keyOf, act } = acts[fact.type as keyof Facts] as unknown as Act<Fact, Result>;
    const key = keyOf(fact.data);
    const perform = async (_key: string): Promise<Publication | null> => {
      const data = await act(fact);
      // As JSON, which is what a record can hold: the act is done, and a field without a value must not undo that.
      return data === undefined ? null : JSON.parse(JSON.stringify(publicationOf(key, fact, data)));
    };
    const publication: Publication | null = await makeIdempotent(perform, once)(key);
    if (publication === null) return;
    assertFits(publishes, publication.data);
    const [answer] = await publisher.publish([publication], clock.now());
    if (answer?.kind === 'published') return;
    const { code, message } = answer ?? { code: 'NoAnswer', message: 'the publisher did not say what became of it' };
    throw new NotPublished(`${publishes.type} of ${key}: ${code} ${message}`, { cause: answer });
  };

  const publicationOf = (key: string, { metadata }: Received, data: Result): Publication => {
    const id = uuidFrom(subscription.name, key);
    const { correlationId, correlationTime } = metadata;
    return {
      metadata: {
        id,
        time: timestamp(clock.now()),
        type: publishes.type,
        source: publishes.source,
        subject: `${subscription.name}#${key}`,
        schemaVersion: publishes.schemaVersion,
        correlationId,
        ...(correlationTime !== undefined && { correlationTime }),
        causationId: metadata.id,
        hops: metadata.hops + 1,
        traceparent: traceparentAfter(metadata, id),
      },
      data,
    };
  };

  return {
    subscription,
    handle: (events, invocation) => {
      // The lease on a record follows the time that this call has left.
      config.registerLambdaContext(invocation);
      return events.map(handle);
    },
  };
}

function tooOld({ metadata: { time }, replay }: Received, nowMs: number): string | undefined {
  if (replay !== undefined) return `replayed by ${replay}`;
  const oldestMs = nowMs - (RECORD_LIFETIME_SECONDS / 2) * 1000;
  return Date.parse(time) < oldestMs ? `dated ${time}, older than the records of what was done` : undefined;
}
