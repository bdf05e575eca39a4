import type { StandInMemory } from '../../../functions/backbone/stand-in.ts';

/** A stand-in's memory in this process. */
export class InMemoryStandInMemory<Result> implements StandInMemory<Result> {
  readonly #times = new Map<string, number>();
  readonly #results = new Map<string, Result>();

  called(key: string): Promise<{ times: number; result: Result | undefined }> {
    const times = (this.#times.get(key) ?? 0) + 1;
    this.#times.set(key, times);
    return Promise.resolve({ times, result: this.#results.get(key) });
  }

  keep(key: string, result: Result): Promise<Result> {
    const first = this.#results.get(key) ?? result;
    this.#results.set(key, first);
    return Promise.resolve(first);
  }

  find(key: string): Promise<Result | undefined> {
    return Promise.resolve(this.#results.get(key));
  }

  /** All results, for assertions. */
  get results(): readonly Result[] {
    return [...this.#results.values()];
  }
}
