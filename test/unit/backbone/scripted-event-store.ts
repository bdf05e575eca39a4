import type {
  Appended,
  Cause,
  Commit,
  CounterChange,
  EventStore,
  SnapshotRule,
} from '../../../functions/backbone/event-store.ts';
import { InMemoryEventStore } from '../../../functions/backbone/in-memory-event-store.ts';

/** What happens to an append: it takes its course, after something else or not at all, or its answer is lost. */
export type AppendScript =
  | 'undisturbed'
  | 'fails before it takes effect'
  | 'takes effect, and its answer is lost'
  /** Somebody acts between the load and the append: the race is theirs. */
  | (() => Promise<unknown>);

/** The store failed as a network does. */
export class StoreFailure extends Error {
  override readonly name = 'StoreFailure';
}

/** A store in memory that tells what was asked of it, in order, and lets a test disturb the next appends. */
export class ScriptedEventStore implements EventStore {
  /** The store itself, for rivals and assertions. */
  readonly inner = new InMemoryEventStore();
  /** Such as `load jar#1`, `append jar#1 at 1`, `append jar#1 at 2 with purse`, `causes of jar#1 up to 3`. */
  readonly calls: string[] = [];
  /** How many commits the last load brought. */
  lastLoaded = 0;
  readonly #scripts: AppendScript[] = [];

  /** One script for each of the next appends; all later ones are undisturbed. */
  nextAppends(...scripts: readonly AppendScript[]): void {
    this.#scripts.push(...scripts);
  }

  async load(stream: string, rule: SnapshotRule): Promise<readonly Commit[]> {
    this.calls.push(`load ${stream}`);
    const commits = await this.inner.load(stream, rule);
    this.lastLoaded = commits.length;
    return commits;
  }

  async causesUpTo(stream: string, version: number): Promise<readonly Cause[]> {
    this.calls.push(`causes of ${stream} up to ${version}`);
    return await this.inner.causesUpTo(stream, version);
  }

  async append(commit: Commit, counters?: readonly CounterChange[]): Promise<Appended> {
    const changed = counters?.map(({ counter }) => ` with ${counter}`).join('') ?? '';
    this.calls.push(`append ${commit.stream} at ${commit.version}${changed}`);
    const script = this.#scripts.shift() ?? 'undisturbed';
    if (script === 'fails before it takes effect') throw new StoreFailure('not written');
    if (typeof script === 'function') await script();
    const appended = await this.inner.append(commit, counters);
    if (script === 'takes effect, and its answer is lost') throw new StoreFailure('written, but nobody was told');
    return appended;
  }

  /** A stream's facts, as `type` or `type:amount`, one text a commit. */
  told(stream: string): readonly string[] {
    return this.inner.commits(stream).map(({ facts }) => facts.map(inShort).join(' ') || '-');
  }

  /** The ids of the events that caused a stream's commits, one list a commit. */
  causes(stream: string): readonly (readonly string[])[] {
    return this.inner.commits(stream).map(({ causes }) => causes.map(({ eventId }) => eventId));
  }
}

function inShort({ type, data }: Commit['facts'][number]): string {
  const amount = typeof data === 'object' && data !== null && 'amount' in data ? `:${data.amount}` : '';
  return `${type}${amount}`;
}
