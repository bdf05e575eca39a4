import { type Call, type Fault, type Faults, NO_FAULTS, PlanDoesNotFit } from './faults.ts';
import { hashOf } from './hash.ts';
import type { Scheduler } from './scheduler.ts';

/** All moments of a run at which something may go wrong, numbered; and what did. */
export class CallLog {
  readonly all: Call[] = [];
  readonly #scheduler: Scheduler;
  #faults: Faults;

  constructor(scheduler: Scheduler, faults: Faults) {
    this.#scheduler = scheduler;
    this.#faults = faults;
  }

  /** From now on nothing goes wrong. */
  heal(): void {
    this.#faults = NO_FAULTS;
  }

  /** Numbers a call, and answers what goes wrong with it. */
  announce<Possible extends Fault>(about: {
    readonly who: string;
    readonly port: string;
    readonly method: string;
    readonly about: string;
    readonly faults: readonly Possible[];
  }): { readonly n: number; readonly fault: Possible | undefined } {
    const call = { n: this.all.length + 1, atMs: this.#scheduler.nowMs, ...about };
    const wanted = this.#faults.at(call);
    const fault = about.faults.find((possible) => possible === wanted);
    // Whoever calls might catch it and take it for a failure of the call.
    if (wanted !== undefined && fault === undefined) this.#scheduler.abort(new PlanDoesNotFit(call, wanted));
    this.all.push({ ...call, fault });
    return { n: call.n, fault };
  }
}

/**
 * What was done and answered, as numbers: by the thing that it was done to, and by the environment that was answered.
 * A function that does nothing but call its ports is determined by their answers, and what lies behind a port by what was
 * done to it; so these two say where a run stands, without looking into anything.
 */
export class History {
  readonly #marks = new Map<string, number>();

  /** Notes that something happened to somebody, after all that did before. */
  note(whom: string, happening: string): void {
    this.#marks.set(whom, hashOf(`${this.#marks.get(whom) ?? 0} ${happening}`));
  }

  forget(whom: string): void {
    this.#marks.delete(whom);
  }

  get marks(): readonly string[] {
    return [...this.#marks].map(([whom, mark]) => `${whom} ${mark}`);
  }
}
