import type { Fact } from '../../functions/backbone/fact.ts';
import type { Inquiry, Machine, Step } from './machine.ts';

/** A fact that has happened, under a number: equal ones are the same. */
interface Happening {
  readonly number: number;
  readonly fact: Fact;
  /** The key of the call that it is the outcome of. */
  readonly call: string | undefined;
}

/** How far everybody has come, and what has happened by then. */
interface Moment {
  /** Of those that have left their first state. */
  readonly states: ReadonlyMap<Machine, number>;
  readonly happened: ReadonlySet<Happening>;
}

/**
 * Lets machines run side by side in every way in which they can. Whatever has happened may come to anybody, at any time,
 * in any order, more than once, or never. A call has one outcome, which may come as late as anything, even after a
 * question about the call was answered with nothing.
 *
 * @param outside the facts that come from outside
 * @returns the steps that each machine may take
 */
export function explore(machines: readonly Machine[], outside: readonly Fact[]): ReadonlyMap<Machine, readonly Step[]> {
  return new Exploration(machines).from(outside);
}

class Exploration {
  readonly #machines: readonly Machine[];
  readonly #happenings = new Map<string, Happening>();
  readonly #moments = new Map<string, Moment>();
  readonly #steps = new Map<Machine, Map<string, readonly Step[]>>();

  constructor(machines: readonly Machine[]) {
    this.#machines = machines;
  }

  from(facts: readonly Fact[]): ReadonlyMap<Machine, readonly Step[]> {
    this.#add({ states: new Map(), happened: new Set(facts.map((fact) => this.#happening(fact))) });
    // The iteration of a map comes to what is added while it goes on.
    for (const moment of this.#moments.values()) {
      for (const machine of this.#machines) {
        for (const happening of moment.happened) this.#react(moment, machine, happening);
      }
    }
    return new Map([...this.#steps].map(([machine, steps]) => [machine, [...steps.values()].flat()]));
  }

  #react({ states, happened }: Moment, machine: Machine, happening: Happening): void {
    const at = (state: number) => new Map([...states, [machine, state]]);
    for (const { from, to, published, outside } of this.#stepsOf(machine, states.get(machine) ?? 0, happening)) {
      if (to === from && published.length === 0 && outside === undefined) continue;
      const heard = published.filter(({ type }) => this.#machines.some(({ hears }) => hears.has(type)));
      const facts = new Set([...happened, ...heard.map((fact) => this.#happening(fact))]);
      const after: Moment = { states: at(to), happened: facts };
      for (const next of outside?.kind === 'call' ? this.#called(after, outside) : [after]) this.#add(next);
      if (outside?.asking === undefined) continue;
      const asking: Moment = { states: at(outside.asking), happened };
      this.#react(asking, machine, this.#happening(outside.notFound));
      for (const outcome of happened) if (outcome.call === outside.key) this.#react(asking, machine, outcome);
    }
  }

  /** The first outcome of a call is that of all its repetitions. */
  #called({ states, happened }: Moment, { key, performed }: Inquiry): readonly Moment[] {
    if ([...happened].some(({ call }) => call === key)) return [{ states, happened }];
    return performed.map((outcome) => ({ states, happened: new Set([...happened, this.#happening(outcome, key)]) }));
  }

  #stepsOf(machine: Machine, state: number, { number, fact }: Happening): readonly Step[] {
    const known = this.#steps.get(machine) ?? new Map<string, readonly Step[]>();
    const key = `${state} ${number}`;
    const steps = known.get(key) ?? machine.react(state, fact);
    this.#steps.set(machine, known.set(key, steps));
    return steps;
  }

  #happening(fact: Fact, call?: string): Happening {
    const key = JSON.stringify([fact, call]);
    const happening = this.#happenings.get(key) ?? { number: this.#happenings.size, fact, call };
    this.#happenings.set(key, happening);
    return happening;
  }

  #add(moment: Moment): void {
    const states = this.#machines.map((machine) => moment.states.get(machine) ?? 0);
    const facts = [...moment.happened].map(({ number }) => number).sort((one, other) => one - other);
    const name = `${states} ${facts}`;
    if (!this.#moments.has(name)) this.#moments.set(name, moment);
  }
}
