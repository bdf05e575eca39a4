import type { AnyAggregate, OutsideCall } from './aggregate.ts';
import { timestamp } from './clock.ts';
import { assertFits, type Delivery } from './envelope.ts';
import type { Cause, Commit, CommittedFact, Snapshot } from './event-store.ts';
import type { Fact, FactType } from './fact.ts';
import type { IdGenerator } from './ids.ts';
import { traceparentAfter } from './trace-context.ts';

/** A stream as its commits tell it: where it stands, what it is, and which causes it has seen. */
export interface Stream<State> {
  readonly id: string;
  /** 0 when the stream does not exist yet. */
  readonly version: number;
  /** How many facts it has published. */
  readonly sequence: number;
  readonly correlationId: string | undefined;
  readonly correlationTime: string | undefined;
  readonly state: State;
  /** Of the commits that are still at hand, oldest first. */
  readonly causes: readonly (Cause & { readonly version: number })[];
  readonly forgotten: Snapshot['forgotten'];
}

/** Facts decided from one event. */
export interface Decided<F extends Fact> {
  readonly event: Delivery;
  readonly facts: readonly F[];
}

/** What a stream needs of its aggregate: nothing here decides. */
type Rules<State, Decided extends Fact> = AnyAggregate<State, never, Decided, OutsideCall>;

/** A stream that nobody has written yet. */
export function emptyStream<State>({ initialState }: { initialState: State }, id: string): Stream<State> {
  return {
    id,
    version: 0,
    sequence: 0,
    correlationId: undefined,
    correlationTime: undefined,
    state: initialState,
    causes: [],
    forgotten: undefined,
  };
}

/** Folds what a load brought. A snapshot stands for all that came before it. */
export function foldCommits<State, F extends Fact>(
  aggregate: Rules<State, F>,
  id: string,
  commits: readonly Commit[],
): Stream<State> {
  return commits.reduce(
    (stream, commit) => {
      const { snapshot } = commit;
      if (snapshot?.stateVersion === aggregate.snapshots.stateVersion) {
        return {
          id,
          version: commit.version,
          sequence: snapshot.sequence,
          correlationId: commit.correlationId,
          correlationTime: commit.correlationTime,
          // Written by this aggregate at this stateVersion, which stands for the shape.
          state: snapshot.state as State,
          causes: snapshot.causes,
          forgotten: snapshot.forgotten,
        };
      }
      return {
        id,
        version: commit.version,
        sequence: Math.max(stream.sequence, ...commit.facts.map(({ published }) => published?.sequence ?? 0)),
        correlationId: stream.correlationId ?? commit.correlationId,
        correlationTime: stream.correlationTime ?? commit.correlationTime,
        state: (commit.facts as readonly unknown[] as readonly F[]).reduce(aggregate.evolve, stream.state),
        causes: [...stream.causes, ...commit.causes.map((cause) => ({ ...cause, version: commit.version }))],
        forgotten: stream.forgotten,
      };
    },
    emptyStream(aggregate, id),
  );
}

/** Whether the commits at hand show the cause. Where they need not, see `mayBeForgotten`. */
export function knows<State>(stream: Stream<State>, cause: Cause): boolean {
  return isAmong(stream.causes, cause);
}

/** Whether a cause is one of these: the same event, received by the same subscription. */
export function isAmong(causes: readonly Cause[], { subscription, eventId }: Cause): boolean {
  return causes.some((known) => known.eventId === eventId && known.subscription === subscription);
}

/**
 * Whether the cause could be one that the snapshot has forgotten, so that the older part must be read. Only the event's
 * own time is compared with other events' own times, never with our clock: one that is younger than every forgotten
 * event is none of them. A time that the producer did not give proves nothing.
 */
export function mayBeForgotten(forgotten: NonNullable<Snapshot['forgotten']>, { timeMs }: Cause): boolean {
  return timeMs === undefined || timeMs <= forgotten.timeMs;
}

/** The cause that an event is for a subscription. */
export function causeOf(subscription: string, { metadata, timeGiven }: Delivery): Cause {
  return {
    subscription,
    eventId: metadata.id,
    ...(timeGiven && { timeMs: Date.parse(metadata.time) }),
  };
}

/**
 * Holds the facts that are published against their schemas: nothing may leave that nobody can read.
 *
 * @throws UnreadableEvent when one does not fit
 */
export function assertPublishable<State, F extends Fact>({ publishes }: Rules<State, F>, facts: readonly F[]): void {
  for (const { type, data } of facts) {
    const published: FactType | undefined = publishes[type];
    if (published !== undefined) assertFits(published, data);
  }
}

/** The stream's next commit, and the stream after it. The facts are those that `assertPublishable` let pass. */
export function nextCommit<State, F extends Fact>(
  aggregate: Rules<State, F>,
  stream: Stream<State>,
  decided: readonly [Decided<F>, ...Decided<F>[]],
  causes: readonly Cause[],
  { nowMs, ids }: { nowMs: number; ids: IdGenerator },
): { commit: Commit; after: Stream<State> } {
  let { sequence } = stream;
  const facts: CommittedFact[] = decided.flatMap(({ event: { metadata }, facts }) =>
    facts.map((fact) => {
      const published: FactType | undefined = aggregate.publishes[fact.type];
      const id = ids.next();
      return {
        id,
        type: fact.type,
        data: fact.data,
        causationId: metadata.id,
        hops: metadata.hops + 1,
        traceparent: traceparentAfter(metadata, id),
        ...(published !== undefined && {
          published: {
            source: published.source,
            sequence: ++sequence,
            schemaVersion: published.schemaVersion,
          },
        }),
      };
    }),
  );
  const first = decided[0].event.metadata;
  const { correlationId = first.correlationId, correlationTime } = stream.correlationId === undefined ? first : stream;
  const commit: Commit = {
    stream: stream.id,
    version: stream.version + 1,
    time: timestamp(nowMs),
    correlationId,
    ...(correlationTime !== undefined && { correlationTime }),
    facts,
    causes,
  };
  const after: Stream<State> = {
    ...stream,
    version: commit.version,
    sequence,
    correlationId,
    correlationTime,
    state: decided.flatMap(({ facts }) => facts).reduce(aggregate.evolve, stream.state),
    causes: [...stream.causes, ...causes.map((cause) => ({ ...cause, version: commit.version }))],
  };
  if (commit.version % aggregate.snapshots.every !== 0) return { commit, after };
  const kept = forgetOldCauses(after, aggregate.snapshots.rememberCauses);
  return { commit: { ...commit, snapshot: snapshotOf(kept, aggregate.snapshots.stateVersion) }, after: kept };
}

function forgetOldCauses<State>(stream: Stream<State>, remember: number): Stream<State> {
  const version = stream.version - remember;
  const [old, young] = [
    stream.causes.filter((cause) => cause.version <= version),
    stream.causes.filter((cause) => cause.version > version),
  ];
  if (version <= 0) return stream;
  const timeMs = Math.max(stream.forgotten?.timeMs ?? 0, ...old.map((cause) => cause.timeMs ?? 0));
  return { ...stream, causes: young, forgotten: { version, timeMs } };
}

function snapshotOf<State>({ state, sequence, causes, forgotten }: Stream<State>, stateVersion: number): Snapshot {
  return { stateVersion, state, sequence, causes, ...(forgotten !== undefined && { forgotten }) };
}
