import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../../functions/backbone/clock.ts';
import type { Commit } from '../../functions/backbone/event-store.ts';
import { publicationsOf } from '../../functions/backbone/relay.ts';
import { type Store, tableOn } from '../catalogue.ts';
import { readStream, scanCommits } from '../streams/commits.ts';
import { Forwarding } from './forwarding.ts';
import {
  factsToReplay,
  messageOf,
  type Origin,
  type Replay,
  type Replayed,
  type ReplayOptions,
  type ReplayTarget,
  replayedEvent,
} from './replay.ts';

/** A replay of facts from the event stores, which keep all that was ever committed. */
export interface StoreReplay extends Replay {
  /** Only these streams, which spares the reading of whole tables. */
  readonly streams?: readonly string[];
}

export interface StoreReplayPorts {
  readonly documents: DynamoDBDocumentClient;
  readonly busName: string;
  readonly stores: readonly Store[];
  readonly target: ReplayTarget;
  readonly origin: Origin;
  readonly clock: Clock;
}

/**
 * Reads facts from the stores and puts them into one consumer's queue, as EventBridge would put them there in a replay.
 * Nothing goes over the bus, so that no other consumer notices. The facts of a stream come in their order, the streams in
 * none. May be repeated at any time: consumers know what they have seen.
 *
 * A store knows nothing of facts from outside, nor of those that are kept in no stream; see `keptByNoStore`.
 *
 * @example
 * const replayed = await replayFromStores({ name: 'view-2', subscription: orderView }, ports, { pace: new Pace(100, clock) });
 */
export async function replayFromStores(
  replay: StoreReplay,
  { documents, busName, stores, target, origin, clock }: StoreReplayPorts,
  options: ReplayOptions,
): Promise<Replayed> {
  const { signal } = options;
  const types = new Set(factsToReplay(replay).map(({ type }) => type));
  const forwarding = new Forwarding(target, options);

  const forward = async (store: Store, commits: readonly Commit[]) => {
    const publications = commits.flatMap((commit) => publicationsOf(commit, store.source));
    const meant = publications.filter((fact) => types.has(fact.metadata.type) && replay.where?.(fact) !== false);
    const events = meant.map((publication) => {
      const { metadata } = publication;
      const body = replayedEvent(publication, replay.name, origin);
      const message = messageOf(body, metadata, replay.name, target, clock.now());
      return { eventId: metadata.id, type: metadata.type, message };
    });
    await forwarding.send(events, publications.length);
  };

  for (const store of stores.filter(({ facts }) => facts.some((type) => types.has(type)))) {
    for await (const commits of pagesOf(store, replay, { documents, busName, signal })) {
      await forward(store, commits);
      if (signal?.aborted === true) return forwarding.replayed;
    }
  }
  return forwarding.replayed;
}

async function* pagesOf(
  store: Store,
  { streams, sinceMs, untilMs }: StoreReplay,
  { documents, busName, signal }: Pick<StoreReplayPorts, 'documents' | 'busName'> & { signal: AbortSignal | undefined },
): AsyncGenerator<readonly Commit[]> {
  const table = tableOn(busName, store);
  const selection = {
    published: true,
    ...(sinceMs !== undefined && { sinceMs }),
    ...(untilMs !== undefined && { untilMs }),
  };
  const options = { ...(signal && { signal }) };
  if (streams === undefined) yield* scanCommits(documents, table, selection, options);
  for (const stream of streams ?? []) yield* readStream(documents, table, stream, selection, options);
}
