import {
  type Appended,
  type Cause,
  CHANGES,
  type Commit,
  type CounterChange,
  type CounterShortage,
  type EventStore,
  type SnapshotRule,
} from './event-store.ts';

/** Streams in memory: for tests of deciders and consumers without AWS. */
export class InMemoryEventStore implements EventStore {
  readonly #streams = new Map<string, Commit[]>();
  readonly #counters = new Map<string, Record<string, number>>();

  load(stream: string, { stateVersion }: SnapshotRule): Promise<readonly Commit[]> {
    const commits = this.#streams.get(stream) ?? [];
    const newest = commits.findLastIndex(({ snapshot }) => snapshot?.stateVersion === stateVersion);
    return Promise.resolve(structuredClone(commits.slice(Math.max(newest, 0))));
  }

  causesUpTo(stream: string, version: number): Promise<readonly Cause[]> {
    const commits = this.#streams.get(stream) ?? [];
    return Promise.resolve(commits.filter((commit) => commit.version <= version).flatMap(({ causes }) => causes));
  }

  append(commit: Commit, counters: readonly CounterChange[] = []): Promise<Appended> {
    const commits = this.#streams.get(commit.stream) ?? [];
    if (commit.version <= commits.length) return Promise.resolve({ kind: 'conflict' });
    if (commit.version > commits.length + 1) {
      const gap = `${commit.stream} is at version ${commits.length}, so ${commit.version} would leave a gap`;
      return Promise.reject(new Error(gap));
    }
    const [first, ...others] = counters.flatMap((change) => this.#shortage(change));
    if (first !== undefined) return Promise.resolve({ kind: 'short', shortages: [first, ...others] });
    for (const { counter, add } of counters) {
      const values = { ...this.#counters.get(counter) };
      for (const [field, amount] of Object.entries({ ...add, [CHANGES]: 1 })) {
        values[field] = (values[field] ?? 0) + amount;
      }
      this.#counters.set(counter, values);
    }
    this.#streams.set(commit.stream, [...commits, structuredClone(commit)]);
    return Promise.resolve({ kind: 'appended' });
  }

  /** A counter's fields, for assertions. */
  counter(name: string): Readonly<Record<string, number>> {
    return { ...this.#counters.get(name) };
  }

  /** A stream's commits, for assertions. */
  commits(stream: string): readonly Commit[] {
    return structuredClone(this.#streams.get(stream) ?? []);
  }

  #shortage({ counter, atLeast }: CounterChange): CounterShortage[] {
    if (atLeast === undefined) return [];
    const found = this.#counters.get(counter)?.[atLeast.field] ?? 0;
    return found >= atLeast.amount ? [] : [{ counter, field: atLeast.field, needed: atLeast.amount, found }];
  }
}
