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

/** A counter's fields by their names. */
export type CounterFields = Readonly<Record<string, number>>;

/** What was written together: one commit, and the counters that changed with it. */
export interface Written {
  readonly commit: Commit;
  readonly counters: readonly {
    readonly counter: string;
    /** Nothing where the counter is new. */
    readonly before: CounterFields | undefined;
    readonly after: CounterFields;
  }[];
}

/** Streams in memory: for tests of deciders and consumers without AWS. */
export class InMemoryEventStore implements EventStore {
  readonly #streams = new Map<string, Commit[]>();
  readonly #counters = new Map<string, CounterFields>();
  readonly #told: (written: Written) => void;

  /** @param told of what was written, as a table's stream tells it */
  constructor(told: (written: Written) => void = () => {}) {
    this.#told = told;
  }

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
    const changed = counters.map((change) => this.#change(change));
    const written = structuredClone(commit);
    this.#streams.set(commit.stream, [...commits, written]);
    this.#told({ commit: written, counters: changed });
    return Promise.resolve({ kind: 'appended' });
  }

  /** A counter's fields, for assertions. */
  counter(name: string): CounterFields {
    return { ...this.#counters.get(name) };
  }

  /** The names of all streams, for assertions. */
  get streams(): readonly string[] {
    return [...this.#streams.keys()];
  }

  /** The names of all counters, for assertions. */
  get counters(): readonly string[] {
    return [...this.#counters.keys()];
  }

  /** A stream's commits, for assertions. */
  commits(stream: string): readonly Commit[] {
    return structuredClone(this.#streams.get(stream) ?? []);
  }

  #change({ counter, add }: CounterChange): Written['counters'][number] {
    const before = this.#counters.get(counter);
    const after: Record<string, number> = { ...before };
    for (const [field, amount] of Object.entries({ ...add, [CHANGES]: 1 })) after[field] = (after[field] ?? 0) + amount;
    this.#counters.set(counter, after);
    return { counter, before, after };
  }

  #shortage({ counter, atLeast }: CounterChange): CounterShortage[] {
    if (atLeast === undefined) return [];
    const found = this.#counters.get(counter)?.[atLeast.field] ?? 0;
    return found >= atLeast.amount ? [] : [{ counter, field: atLeast.field, needed: atLeast.amount, found }];
  }
}
