import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import {
  type Appended,
  type Commit,
  ContendedCounters,
  type CounterChange,
  type EventStore,
  type SnapshotRule,
} from '../../functions/backbone/event-store.ts';

/**
 * What every event store must do. Streams and counters get names of their own in each test, so that many runs can
 * share one table.
 *
 * @param name of the implementation
 * @param create answers a store; called once for each test
 */
export function eventStoreConformance(name: string, create: () => EventStore | Promise<EventStore>): void {
  describe(`${name} keeps streams`, () => streamsOf(create));
  describe(`${name} keeps snapshots`, () => snapshotsOf(create));
  describe(`${name} keeps counters`, () => countersOf(create));
}

type Create = Parameters<typeof eventStoreConformance>[1];

const NO_SNAPSHOTS: SnapshotRule = { every: 1_000, stateVersion: 1 };
const WRITERS = 20;

function unique(what: string): string {
  return `${what}#${randomUUID()}`;
}

function commitOf(stream: string, version: number, about: Partial<Commit> = {}): Commit {
  const cause = { subscription: 'conformance', eventId: `e${version}`, timeMs: 1_769_860_800_000 + version };
  const fact = { id: `f${version}`, type: 'Happened', data: { version }, causationId: `e${version}`, hops: 1 };
  return {
    stream,
    version,
    time: '2026-01-31T12:00:00.000Z',
    correlationId: 'flow',
    facts: [fact],
    causes: [cause],
    ...about,
  };
}

/** A stream of this many commits; those whose version `every` divides carry a snapshot. */
async function history(store: EventStore, length: number, rule = NO_SNAPSHOTS): Promise<string> {
  const stream = unique('history');
  for (let version = 1; version <= length; version += 1) {
    const { every, stateVersion } = rule;
    const snapshot = { stateVersion, state: { folded: version }, sequence: version, causes: [] };
    const commit = commitOf(stream, version, version % every === 0 ? { snapshot } : {});
    expect(await store.append(commit)).toEqual({ kind: 'appended' });
  }
  return stream;
}

function versions(commits: readonly Commit[]): readonly number[] {
  return commits.map(({ version }) => version);
}

function streamsOf(create: Create): void {
  test('a stream that nobody wrote has no commits and no causes', async () => {
    const store = await create();
    const stream = unique('nothing');

    expect(await store.load(stream, NO_SNAPSHOTS)).toEqual([]);
    expect(await store.causesUpTo(stream, 5)).toEqual([]);
  });

  test('commits are read as they were written, oldest first', async () => {
    const store = await create();
    const stream = unique('stream');
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const published = { source: 'toy.happenings', sequence: 1, schemaVersion: 1 };
    const fact = { id: 'f', type: 'Happened', data: { at: 1 }, causationId: 'e', hops: 31, traceparent, published };
    const first = commitOf(stream, 1, { facts: [fact, { ...fact, data: null }] });
    const second = commitOf(stream, 2, { facts: [], causes: [] });

    await store.append(first);
    await store.append(second);

    expect(await store.load(stream, NO_SNAPSHOTS)).toEqual([first, second]);
  });

  test('any text and any whole number comes back as it was', async () => {
    const store = await create();
    const stream = unique('values');
    const data = {
      text: ['', 'zwölf 🪙', '\u0000', '訂單', '"\\\n'],
      numbers: [0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 0.1, -1e-7],
      nested: [[[{ deep: [true, false, null, [], {}] }]]],
    };
    const commit = commitOf(stream, 1, { facts: [{ id: 'f', type: 'T', data, causationId: 'e', hops: 0 }] });

    await store.append(commit);

    expect(await store.load(stream, NO_SNAPSHOTS)).toStrictEqual([commit]);
  });

  test('what is not there is not there', async () => {
    const store = await create();
    const stream = unique('absent');
    const data = { reason: undefined, lines: [{ note: undefined, sku: 'mug' }] };
    const fact = { id: 'f', type: 'T', data, causationId: 'e', hops: 0 };

    await store.append(commitOf(stream, 1, { facts: [fact], causes: [{ subscription: 's', eventId: 'e' }] }));

    const [loaded] = await store.load(stream, NO_SNAPSHOTS);
    expect(loaded?.facts).toEqual([{ ...fact, data: { lines: [{ sku: 'mug' }] } }]);
    expect(loaded?.causes).toEqual([{ subscription: 's', eventId: 'e' }]);
  });

  test('a version is written once, and what was written stays', async () => {
    const store = await create();
    const stream = await history(store, 2);

    expect(await store.append(commitOf(stream, 2, { correlationId: 'other' }))).toEqual({ kind: 'conflict' });
    expect(await store.append(commitOf(stream, 1, { correlationId: 'other' }))).toEqual({ kind: 'conflict' });

    const loaded = await store.load(stream, NO_SNAPSHOTS);
    expect(loaded.map(({ correlationId }) => correlationId)).toEqual(['flow', 'flow']);
  });

  test('of many writers at once, one wins each version', async () => {
    const store = await create();
    const stream = unique('race');

    const write = async (writer: number): Promise<number> => {
      for (let version = 1; ; version += 1) {
        const appended = await store.append(commitOf(stream, version, { correlationId: `writer-${writer}` }));
        if (appended.kind === 'appended') return version;
      }
    };
    const won = await Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer)));

    const expected = Array.from({ length: WRITERS }, (_, n) => n + 1);
    expect([...won].sort((one, other) => one - other)).toEqual(expected);
    const loaded = await store.load(stream, NO_SNAPSHOTS);
    expect(versions(loaded)).toEqual(expected);
    expect(loaded.map(({ correlationId }) => correlationId)).toEqual(
      expected.map((version) => `writer-${won.indexOf(version)}`),
    );
  });

  test('a load sees every commit that was answered before it', async () => {
    const store = await create();
    const stream = unique('fresh');

    for (let version = 1; version <= 10; version += 1) {
      await store.append(commitOf(stream, version));
      expect(await store.load(stream, NO_SNAPSHOTS)).toHaveLength(version);
    }
  });

  test('streams whose names begin alike are kept apart', async () => {
    const store = await create();
    const stream = unique('order');

    await store.append(commitOf(stream, 1));
    await store.append(commitOf(`${stream}0`, 1));
    await store.append(commitOf(`${stream}0`, 2));

    expect(versions(await store.load(stream, NO_SNAPSHOTS))).toEqual([1]);
  });

  test('a history of several megabytes is read whole', async () => {
    const store = await create();
    const stream = unique('large');
    const data = 'x'.repeat(300_000);
    for (let version = 1; version <= 8; version += 1) {
      const facts = [{ id: `f${version}`, type: 'T', data, causationId: 'e', hops: 0 }];
      await store.append(commitOf(stream, version, { facts }));
    }

    expect(versions(await store.load(stream, NO_SNAPSHOTS))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await store.causesUpTo(stream, 8)).toHaveLength(8);
  });

  test('the causes up to a version are those of the commits up to it, in any order', async () => {
    const store = await create();
    const stream = await history(store, 7, { every: 2, stateVersion: 1 });

    const causes = await store.causesUpTo(stream, 5);

    expect(causes.map(({ eventId }) => eventId).sort()).toEqual(['e1', 'e2', 'e3', 'e4', 'e5']);
    expect(causes).toContainEqual(commitOf(stream, 3).causes[0]);
  });
}

function snapshotsOf(create: Create): void {
  const rule: SnapshotRule = { every: 3, stateVersion: 2 };

  test('a load begins with the newest commit that carries one', async () => {
    const store = await create();
    const stream = await history(store, 8, rule);

    const loaded = await store.load(stream, rule);

    expect(versions(loaded)).toEqual([6, 7, 8]);
    expect(loaded[0]?.snapshot).toEqual({ stateVersion: 2, state: { folded: 6 }, sequence: 6, causes: [] });
  });

  test('one of another version of the state is passed over', async () => {
    const store = await create();
    const stream = await history(store, 8, rule);

    expect(versions(await store.load(stream, { every: 3, stateVersion: 1 }))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('an older one of the right version is used when a newer one is of another', async () => {
    const store = await create();
    const stream = await history(store, 5, rule);
    const snapshot = { stateVersion: 3, state: null, sequence: 6, causes: [] };
    await store.append(commitOf(stream, 6, { snapshot }));

    expect(versions(await store.load(stream, rule))).toEqual([3, 4, 5, 6]);
  });

  test('it is found, too, where it is further back than the rule would have it', async () => {
    const store = await create();
    const stream = await history(store, 11, { every: 6, stateVersion: 2 });

    expect(versions(await store.load(stream, rule))).toEqual([6, 7, 8, 9, 10, 11]);
  });

  test('it keeps its causes and what it has forgotten', async () => {
    const store = await create();
    const stream = unique('forgetful');
    const causes = [
      { subscription: 's', eventId: 'e1', timeMs: 5, version: 1 },
      { subscription: 's', eventId: 'e2', version: 1 },
    ];
    const snapshot = {
      stateVersion: 2,
      state: [1],
      sequence: 0,
      causes,
      forgotten: { version: 1, timeMs: 1_769_860_800_000 },
    };
    await store.append(commitOf(stream, 1, { snapshot }));

    expect((await store.load(stream, rule))[0]?.snapshot).toEqual(snapshot);
  });
}

function countersOf(create: Create): void {
  const put = (counter: string, coins: number): CounterChange => ({ counter, add: { coins } });
  const take = (counter: string, coins: number): CounterChange => ({
    counter,
    add: { coins: -coins, taken: coins },
    atLeast: { field: 'coins', amount: coins },
  });

  /** What a counter holds: the port tells it to whoever asks for too much. */
  const held = async (store: EventStore, counter: string, field = 'coins'): Promise<number> => {
    const atLeast = { field, amount: Number.MAX_SAFE_INTEGER };
    const answer = await store.append(commitOf(unique('probe'), 1), [{ counter, add: {}, atLeast }]);
    if (answer.kind !== 'short') throw new Error(`the probe of ${counter} was answered with ${answer.kind}`);
    return answer.shortages[0].found;
  };

  const onceCalm = async (append: () => Promise<Appended>): Promise<Appended> => {
    while (true) {
      try {
        return await append();
      } catch (error) {
        if (!(error instanceof ContendedCounters)) throw error;
      }
    }
  };

  test('one that nobody wrote holds 0', async () => {
    const store = await create();
    const counter = unique('counter');

    expect(await held(store, counter)).toBe(0);
    expect(await store.append(commitOf(unique('s'), 1), [take(counter, 1)])).toEqual({
      kind: 'short',
      shortages: [{ counter, field: 'coins', needed: 1, found: 0 }],
    });
  });

  test('it changes with the commit', async () => {
    const store = await create();
    const [stream, counter] = [unique('s'), unique('counter')];

    expect(await store.append(commitOf(stream, 1), [put(counter, 5)])).toEqual({ kind: 'appended' });
    expect(await store.append(commitOf(stream, 2), [take(counter, 5)])).toEqual({ kind: 'appended' });

    expect(await held(store, counter)).toBe(0);
    expect(await held(store, counter, 'taken')).toBe(5);
    expect(versions(await store.load(stream, NO_SNAPSHOTS))).toEqual([1, 2]);
  });

  test('each change is counted, so that it can be told from every other', async () => {
    const store = await create();
    const counter = unique('counter');

    await store.append(commitOf(unique('s'), 1), [put(counter, 5)]);
    await store.append(commitOf(unique('s'), 1), [take(counter, 2)]);
    await store.append(commitOf(unique('s'), 1), [take(counter, 20)]);

    expect(await held(store, counter, 'changes')).toBe(2);
  });

  test('all or nothing: one that is too low keeps the others and the version as they are', async () => {
    const store = await create();
    const [stream, rich, poor, empty] = [unique('s'), unique('rich'), unique('poor'), unique('empty')];
    await store.append(commitOf(unique('s'), 1), [put(rich, 9), put(poor, 1)]);

    expect(await store.append(commitOf(stream, 1), [take(rich, 2), take(poor, 2), take(empty, 3)])).toEqual({
      kind: 'short',
      shortages: [
        { counter: poor, field: 'coins', needed: 2, found: 1 },
        { counter: empty, field: 'coins', needed: 3, found: 0 },
      ],
    });

    expect(await held(store, rich)).toBe(9);
    expect(await store.load(stream, NO_SNAPSHOTS)).toEqual([]);
  });

  test('a version that is taken is a conflict, whatever the counters hold, and they stay as they are', async () => {
    const store = await create();
    const [stream, counter] = [await history(store, 1), unique('counter')];

    expect(await store.append(commitOf(stream, 1), [put(counter, 5)])).toEqual({ kind: 'conflict' });
    expect(await store.append(commitOf(stream, 1), [take(counter, 5)])).toEqual({ kind: 'conflict' });

    expect(await held(store, counter)).toBe(0);
    expect(await held(store, counter, 'changes')).toBe(0);
  });

  test('one that demands nothing may go below 0', async () => {
    const store = await create();
    const counter = unique('counter');

    await store.append(commitOf(unique('s'), 1), [put(counter, -3)]);

    expect(await held(store, counter)).toBe(-3);
  });

  test('no change is lost or made twice when many write at once', async () => {
    const store = await create();
    const counter = unique('counter');
    await store.append(commitOf(unique('s'), 1), [put(counter, 1_000)]);

    const answers = await Promise.all(
      Array.from({ length: WRITERS }, (_, n) =>
        onceCalm(() => store.append(commitOf(unique('s'), 1), [take(counter, n + 1)])),
      ),
    );

    expect(answers).toEqual(Array(WRITERS).fill({ kind: 'appended' }));
    expect(await held(store, counter)).toBe(1_000 - (WRITERS * (WRITERS + 1)) / 2);
    expect(await held(store, counter, 'changes')).toBe(WRITERS + 1);
  });

  test('never more is taken than there is, however many take at once', async () => {
    const store = await create();
    const counter = unique('counter');
    await store.append(commitOf(unique('s'), 1), [put(counter, 7)]);

    const answers = await Promise.all(
      Array.from({ length: WRITERS }, () => onceCalm(() => store.append(commitOf(unique('s'), 1), [take(counter, 1)]))),
    );

    expect(answers.filter(({ kind }) => kind === 'appended')).toHaveLength(7);
    expect(answers.filter(({ kind }) => kind === 'short')).toHaveLength(WRITERS - 7);
    expect(await held(store, counter)).toBe(0);
  });

  test('one event by many writers at once changes it once', async () => {
    const store = await create();
    const [stream, counter] = [unique('s'), unique('counter')];
    await store.append(commitOf(unique('s'), 1), [put(counter, 100)]);

    const answers = await Promise.all(
      Array.from({ length: WRITERS }, () => onceCalm(() => store.append(commitOf(stream, 1), [take(counter, 1)]))),
    );

    expect(answers.filter(({ kind }) => kind === 'appended')).toHaveLength(1);
    expect(answers.filter(({ kind }) => kind === 'conflict')).toHaveLength(WRITERS - 1);
    expect(await held(store, counter)).toBe(99);
  });
}
