import type { Context } from 'aws-lambda';
import type { Clock } from './clock.ts';
import type { Consumer } from './consumer.ts';
import { type Delivery, identityOf } from './delivery.ts';
import { type Received, readEvent } from './envelope.ts';
import type { FactsOf, FactTypes } from './fact.ts';
import { deliveryKeysOf, logger, measureHandled } from './observability.ts';
import type { Outcome, Recoverer, RecovererPorts, Stays } from './recoverer.ts';

/** What handles a subscription's messages, and sees to those that fail. */
export interface Handling<Facts extends FactTypes> {
  readonly consumer: Consumer<Facts>;
  readonly recoverer: Recoverer;
  readonly ports: RecovererPorts;
}

/** What became of messages, by their ids. Of a message that is not there, nothing did: it stays in its queue. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/**
 * Handles a batch of a standard queue as one.
 *
 * Messages that were delivered more often than the consumer itself lets anything fail are suspects: an attempt at them,
 * or at a neighbour, never came to an end, and took its whole batch along. They are handled apart and one at a time, in
 * any order, and what is done is acknowledged at once:
 *
 *     the others ── acknowledged ── suspect ── acknowledged ── suspect ╳ crashed: it comes again, with those behind it
 *
 * So what stood beside a message that crashes the function is done after a few turns, and SQS moves that one alone to the
 * dead-letter queue.
 */
export async function handleTogether<Facts extends FactTypes>(
  handling: Handling<Facts>,
  deliveries: readonly Delivery[],
  context: Context,
): Promise<Outcomes> {
  const { clock, retry } = handling.ports;
  const isSuspect = ({ receives }: Delivery) => receives > retry.attempts;
  if (deliveries.length === 1 || !deliveries.some(isSuspect)) return await attempt(handling, deliveries, context);
  const others = deliveries.filter((delivery) => !isSuspect(delivery));
  const alone = shuffled(deliveries.filter(isSuspect), clock).map((suspect) => [suspect]);
  const all = new Map<string, Outcome>();
  for (const turn of others.length > 0 ? [others, ...alone] : alone) {
    const outcomes = await attempt(handling, turn, context);
    for (const [messageId, outcome] of outcomes) all.set(messageId, outcome);
    const settled = turn.filter(({ messageId }) => outcomes.get(messageId)?.kind === 'settled');
    await Promise.all(settled.map((delivery) => handling.recoverer.acknowledge(delivery)));
  }
  return all;
}

/**
 * Handles a batch of a FIFO queue, one message after the other. Those behind one that stays are not looked at, and come
 * again with it: SQS delivers nothing of a group while it holds any of it, and they would hold it for the visibility
 * timeout.
 *
 *     group a:  first ╳ again in 4 s ── second, too ────────── 4 s ── first ── second
 *     group b:  first ── second
 */
export async function handleInOrder<Facts extends FactTypes>(
  handling: Handling<Facts>,
  deliveries: readonly Delivery[],
  context: Context,
): Promise<Outcomes> {
  const all = new Map<string, Outcome>();
  const heldUp = new Map<string | undefined, Stays>();
  for (const delivery of deliveries) {
    const { messageId, group } = delivery;
    const first = heldUp.get(group);
    if (first !== undefined) {
      await handling.recoverer.comeAgainWith(first, delivery);
      continue;
    }
    const outcome = (await attempt(handling, [delivery], context)).get(messageId) ?? { kind: 'stays' };
    all.set(messageId, outcome);
    if (outcome.kind === 'stays') heldUp.set(group, outcome);
  }
  return all;
}

/**
 * Handles what can be read together. Each that fails is seen to as soon as it does, whatever the others are at, and none
 * fails for another.
 */
async function attempt<Facts extends FactTypes>(
  { consumer: { subscription, handle }, recoverer, ports: { clock } }: Handling<Facts>,
  deliveries: readonly Delivery[],
  context: Context,
): Promise<Outcomes> {
  const outcomes = new Map<string, Promise<Outcome>>();
  const readable: { delivery: Delivery; event: Received<FactsOf<Facts>> }[] = [];
  for (const delivery of deliveries) {
    try {
      readable.push({ delivery, event: readEvent(subscription, delivery.body, clock) });
    } catch (error) {
      outcomes.set(delivery.messageId, recoverer.failed(delivery, identityOf(delivery.body), error));
    }
  }
  const startedMs = clock.now();
  const events = readable.map(({ event }) => event);
  const attempts = answersOf(() => handle(events, context));
  for (const [n, { delivery, event }] of readable.entries()) {
    const done = (): Outcome => {
      logger.info('handled', deliveryKeysOf(subscription.name, delivery, event.metadata));
      measureHandled(event, { startedMs, nowMs: clock.now() });
      return recoverer.handled(delivery);
    };
    const failed = (error: unknown): Promise<Outcome> => recoverer.failed(delivery, event.metadata, error);
    const answer = attempts(n) ?? Promise.reject(new Error(`${subscription.name} did not answer`));
    outcomes.set(delivery.messageId, answer.then(done, failed));
  }
  const settled = new Map<string, Outcome>();
  for (const [messageId, outcome] of outcomes) settled.set(messageId, await outcome);
  return settled;
}

/** A handler's answers by number. One that throws instead of answering has failed all. */
function answersOf(handle: () => readonly Promise<void>[]): (n: number) => Promise<void> | undefined {
  try {
    const answers = handle();
    return (n) => answers[n];
  } catch (error) {
    return () => Promise.reject(error);
  }
}

function shuffled<T>(all: readonly T[], clock: Pick<Clock, 'random'>): readonly T[] {
  return all
    .map((one) => ({ one, place: clock.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
}
