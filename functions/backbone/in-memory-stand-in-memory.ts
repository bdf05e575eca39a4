import type { Clock } from './clock.ts';
import type { StandInMemory } from './stand-in.ts';

/** Something that was really done. */
export interface Done<Result> {
  readonly key: string;
  readonly result: Result;
}

/** When a key is forgotten, as real providers do. */
export interface Forgetting {
  readonly clock: Pick<Clock, 'now'>;
  /** How long after its first call. */
  readonly afterMs: number;
}

/**
 * What a stand-in remembers, in memory: for tests without AWS. With `forgetting`, a key that is called later than that
 * is new to it: it acts anew, and the ledger shows what was done twice.
 *
 *     called, keep ──────────── forgotten ── called, keep: done again
 *     find: the first result ─────────────────────────────────────────▶
 */
export class InMemoryStandInMemory<Result> implements StandInMemory<Result> {
  readonly #forgetting: Forgetting | undefined;
  readonly #keys = new Map<string, Known<Result>>();
  readonly #ledger: Done<Result>[] = [];

  /** @param forgetting @default never */
  constructor(forgetting?: Forgetting) {
    this.#forgetting = forgetting;
  }

  called(key: string): Promise<{ times: number; result: Result | undefined }> {
    const known = this.#known(key);
    known.times += 1;
    return Promise.resolve({ times: known.times, result: structuredClone(known.done?.result) });
  }

  keep(key: string, result: Result): Promise<Result> {
    const known = this.#known(key);
    if (known.done === undefined) {
      known.done = { key, result: structuredClone(result) };
      this.#ledger.push(known.done);
    }
    return Promise.resolve(structuredClone(known.done.result));
  }

  /** What was done first, however long ago: the books outlive the keys. */
  find(key: string): Promise<Result | undefined> {
    return Promise.resolve(structuredClone(this.#ledger.find((done) => done.key === key)?.result));
  }

  /** All that was really done, in order: a key that stands there twice was acted upon twice. */
  get ledger(): readonly Done<Result>[] {
    return structuredClone(this.#ledger);
  }

  #known(key: string): Known<Result> {
    const nowMs = this.#forgetting?.clock.now() ?? 0;
    const known = this.#keys.get(key);
    if (known !== undefined && nowMs < known.sinceMs + (this.#forgetting?.afterMs ?? Number.POSITIVE_INFINITY)) {
      return known;
    }
    const fresh = { times: 0, sinceMs: nowMs };
    this.#keys.set(key, fresh);
    return fresh;
  }
}

interface Known<Result> {
  readonly sinceMs: number;
  times: number;
  done?: Done<Result>;
}
