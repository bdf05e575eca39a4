import { Transient } from './failure.ts';

/** Which event, received by which subscription: two subscriptions may see one event for different reasons. */
export interface Cause {
  readonly subscription: string;
  readonly eventId: string;
  /** The event's own time in milliseconds since 1970, where its producer gave one. */
  readonly timeMs?: number;
}

/** A fact as a commit holds it. What is the same for the whole commit stands at the commit. */
export interface CommittedFact {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
  readonly causationId: string;
  readonly hops: number;
  readonly traceparent?: string;
  /** Only of a published fact: who publishes it, its ordinal among the stream's published ones, its schema's version. */
  readonly published?: { readonly source: string; readonly sequence: number; readonly schemaVersion: number };
}

/** The folded state beside a commit, so that a load need not go further back. */
export interface Snapshot {
  /** The aggregate's own version of its state: a snapshot of another version is not read. */
  readonly stateVersion: number;
  readonly state: unknown;
  /** How many facts the stream had published. */
  readonly sequence: number;
  /** The causes of the last commits, each with its commit's version. */
  readonly causes: readonly (Cause & { readonly version: number })[];
  /** What is no longer among `causes`: those up to a version, dated up to a time. */
  readonly forgotten?: { readonly version: number; readonly timeMs: number };
}

/** One version of a stream: state change, outbox, inbox, audit log and optimistic lock in one item. */
export interface Commit {
  /** Such as `order#order-c1`. */
  readonly stream: string;
  /** From 1, without gaps. */
  readonly version: number;
  /** RFC 3339, UTC. */
  readonly time: string;
  /** The stream's: that of its first cause. */
  readonly correlationId: string;
  /** When the flow of that id began, where that is known. */
  readonly correlationTime?: string;
  readonly facts: readonly CommittedFact[];
  readonly causes: readonly Cause[];
  readonly snapshot?: Snapshot;
}

/**
 * A change of a counter item that goes with a commit, all or nothing. `atLeast` names what must be there before it.
 *
 * @example { counter: 'stock#sku-1', add: { available: -2, reserved: 2 }, atLeast: { field: 'available', amount: 2 } }
 */
export interface CounterChange {
  readonly counter: string;
  readonly add: Readonly<Record<string, number>>;
  readonly atLeast?: { readonly field: string; readonly amount: number };
}

/** A counter that did not hold what a change needed; one that does not exist holds 0. */
export interface CounterShortage {
  readonly counter: string;
  readonly field: string;
  readonly needed: number;
  readonly found: number;
}

export type Appended =
  | { readonly kind: 'appended' }
  /** Somebody else has written this version. */
  | { readonly kind: 'conflict' }
  /** The version was free, but counters were short: nothing was written. */
  | { readonly kind: 'short'; readonly shortages: readonly [CounterShortage, ...CounterShortage[]] };

/** Where a load may stop: how often an aggregate's commits carry a snapshot, and of which version of its state. */
export interface SnapshotRule {
  readonly every: number;
  readonly stateVersion: number;
}

/** Streams of commits. */
export interface EventStore {
  /**
   * The stream's commits, oldest first: from the newest usable snapshot on, or all. Strongly consistent.
   * The commit that carries the snapshot is the first.
   */
  load(stream: string, rule: SnapshotRule): Promise<readonly Commit[]>;

  /** The causes of the stream's commits up to and including `version`, however old. */
  causesUpTo(stream: string, version: number): Promise<readonly Cause[]>;

  /**
   * Writes a commit if its version does not exist yet, and the counter changes with it.
   *
   * @param counters each counter at most once; up to 99
   * @throws ContendedCounters when the counters are fought over for longer than a few attempts
   */
  append(commit: Commit, counters?: readonly CounterChange[]): Promise<Appended>;
}

/** Counters that many writers want at once: try again later. */
export class ContendedCounters extends Transient {
  override readonly name = 'ContendedCounters';

  constructor(commit: Commit, counters: readonly CounterChange[], cause: unknown) {
    const fought = counters.map(({ counter }) => counter).join(', ');
    super(`${commit.stream} at version ${commit.version}: the counters ${fought} are being written by others`, {
      cause,
    });
  }
}

/** The key of a counter item's own number of changes. */
export const CHANGES = 'changes';
