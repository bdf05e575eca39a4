import { type AnyAggregate, type Decision, factsOf, type OutsideCall } from '../../functions/backbone/aggregate.ts';
import type { CounterChange, CounterShortage } from '../../functions/backbone/event-store.ts';
import type { Fact } from '../../functions/backbone/fact.ts';
import type { Origin, Portrait } from './portrait.ts';

/** What an aggregate does when an input comes in one of its states. */
export interface Step {
  readonly input: string;
  /** Numbers of states. */
  readonly from: number;
  readonly to: number;
  readonly facts: readonly Committed[];
  /** What it then wants of the outside. */
  readonly outside: Inquiry | undefined;
  /** Only where the decision minds the stock. */
  readonly stock: 'enough' | 'short' | undefined;
  /** The input comes too early, and will come again. */
  readonly isTooEarly: boolean;
  /** The facts that go to the others. */
  readonly published: readonly Fact[];
}

/** A call, or the question what became of one. */
export interface Inquiry {
  readonly kind: 'call' | 'ask';
  readonly name: string;
  readonly key: string;
  readonly performed: readonly Fact[];
  readonly notFound: Fact;
  /** The state in which the question is answered, where one may be asked: a call that is too old is asked about too. */
  readonly asking: number | undefined;
}

/** A fact as it stands in a commit. */
export interface Committed {
  readonly type: string;
  readonly isPublished: boolean;
}

/** An aggregate as a machine of numbered states: 0 is the first. */
export interface Machine {
  readonly name: string;
  readonly file: string;
  readonly about: string;
  /** All names of its states, in the order in which they are drawn. */
  readonly names: readonly string[];
  /** The names of those in which it may rest for good. */
  readonly ends: ReadonlySet<string>;
  /** The types of its inputs. */
  readonly inputs: readonly string[];
  /** The types of the facts that these come from. */
  readonly hears: ReadonlySet<string>;
  /** The types of the facts that it publishes. */
  readonly publishes: readonly string[];
  readonly nameOf: (state: number) => string;
  /** All that it may do when a fact comes. */
  readonly react: (state: number, fact: Fact) => readonly Step[];
}

/** Time is no part of a state: no decider looks at it but to write down when it has attempted a call. */
const ALWAYS_MS = 0;

/** Makes the real `decide` and `evolve` of an aggregate a machine. */
export function machineOf<
  State,
  Input extends Fact,
  Decided extends Fact,
  Call extends OutsideCall,
  Name extends string,
>(portrait: Portrait<State, Input, Decided, Call, Name>): Machine {
  const { aggregate, file, about, nameOf, outcomes, essenceOf = (state) => state } = portrait;
  const names: Readonly<Record<string, 'passing' | 'end'>> = portrait.states;
  const inputs: Readonly<Record<string, Origin<Input>>> = portrait.inputs;
  const states: State[] = [];
  const numbers = new Map<string, number>();

  const numberOf = (state: State): number => {
    const essence = JSON.stringify(essenceOf(state));
    const number = numbers.get(essence) ?? states.push(state) - 1;
    numbers.set(essence, number);
    return number;
  };
  const stateOf = (number: number): State => {
    const state = states[number];
    if (state === undefined) throw new RangeError(`${aggregate.name} has no state ${number}`);
    return state;
  };
  const after = (state: number, facts: readonly Decided[]): number => {
    return numberOf(facts.reduce(aggregate.evolve, stateOf(state)));
  };

  const stepsOf = (from: number, input: Input): readonly Step[] => {
    const decision = aggregate.decide(stateOf(from), input, { nowMs: ALWAYS_MS });
    return waysOf(decision).map(({ facts, stock }) => ({
      input: input.type,
      from,
      to: after(from, facts),
      facts: facts.map(({ type }) => ({ type, isPublished: isPublished(aggregate, type) })),
      outside: inquiryOf(from, decision),
      stock,
      isTooEarly: decision.kind === 'notYet',
      published: facts.filter(({ type }) => isPublished(aggregate, type)),
    }));
  };
  const inquiryOf = (from: number, decision: Decision<Decided, Call>): Inquiry | undefined => {
    if (decision.kind !== 'call' && decision.kind !== 'ask') return undefined;
    const { kind, call, learned } = decision;
    const mayAsk = kind === 'ask' || decision.before !== undefined;
    return { kind, key: call.key, ...outcomes(call), asking: mayAsk ? after(from, learned) : undefined };
  };

  numberOf(aggregate.initialState);
  return {
    name: aggregate.name,
    file,
    about,
    names: Object.keys(names),
    ends: new Set(Object.keys(names).filter((name) => names[name] === 'end')),
    inputs: Object.keys(inputs),
    publishes: Object.keys(aggregate.publishes),
    hears: new Set(Object.values(inputs).map(({ fact }) => fact)),
    nameOf: (state) => nameOf(stateOf(state)),
    react: (state, fact) => {
      const taken = Object.values(inputs).filter(({ fact: type }) => type === fact.type);
      return taken.flatMap(({ read }) => stepsOf(state, read(fact)));
    },
  };
}

/** What may be committed: one thing, or another when the counters are too low. */
function waysOf<Decided extends Fact, Call extends OutsideCall>(
  decision: Decision<Decided, Call>,
): readonly { readonly facts: readonly Decided[]; readonly stock: Step['stock'] }[] {
  const facts = factsOf(decision);
  const [first, ...others] = decision.kind === 'commit' ? decision.counters.map(shortage) : [];
  if (decision.kind !== 'commit' || decision.ifShort === undefined || first === undefined) {
    return [{ facts, stock: undefined }];
  }
  return [
    { facts, stock: 'enough' },
    { facts: decision.ifShort([first, ...others]), stock: 'short' },
  ];
}

function shortage({ counter, atLeast = { field: '', amount: 0 } }: CounterChange): CounterShortage {
  return { counter, field: atLeast.field, needed: atLeast.amount, found: 0 };
}

function isPublished({ publishes }: Pick<AnyAggregate<never, never, never>, 'publishes'>, type: string): boolean {
  return publishes[type] !== undefined;
}
