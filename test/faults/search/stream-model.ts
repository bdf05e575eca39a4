import { type AnyAggregate, factsOf, type OutsideCall } from '../../../functions/backbone/aggregate.ts';
import type { CounterChange, CounterShortage } from '../../../functions/backbone/event-store.ts';
import type { Fact } from '../../../functions/backbone/fact.ts';
import { Numbered } from './numbered.ts';

/** Facts that are written to a stream, and the state that they lead to. */
export interface Written {
  readonly to: number;
  readonly facts: readonly Fact[];
}

export type Shortages = readonly [CounterShortage, ...CounterShortage[]];

/** What a stream answers an input with. */
export type Answer =
  | (Written & {
      readonly kind: 'commits';
      readonly counters: readonly CounterChange[];
      /** What is written instead when the counters are too low. */
      readonly ifShort: ((shortages: Shortages) => Written) | undefined;
    })
  /** Writes what it has learned and its intent, without the cause, and then calls. */
  | (Written & {
      readonly kind: 'calls';
      readonly call: number;
      /** When the call is a repetition: what is written if it has become too old for that, and is asked about. */
      readonly ifTooOld: Written | undefined;
    })
  /** Writes what it has learned, without the cause, and then asks what became of the call. */
  | (Written & { readonly kind: 'asks'; readonly call: number })
  | { readonly kind: 'skips' }
  | { readonly kind: 'notYet' };

/** Whom a stream's calls go to. */
export interface Outcomes<Call extends OutsideCall, Outcome extends Fact> {
  /** For people: `the carrier`. */
  readonly name: string;
  /** What may come of a call. */
  readonly of: (call: Call) => readonly Outcome[];
  /** The answer to a question about a call of which nothing came. */
  readonly notFound: (call: Call) => Outcome;
  /** Whether its event may be given up when nothing ever answers the call. */
  readonly mayFailForGood: (call: Call) => boolean;
}

/** For streams that call nobody. */
export const NOBODY: Outcomes<never, never> = {
  name: 'nobody',
  of: () => [],
  notFound: (call) => call,
  mayFailForGood: () => false,
};

/** A kind of stream as a machine of numbers: its states, its inputs and its calls stand under numbers. */
export interface StreamMachine {
  readonly name: string;
  /** Among the streams of an order. */
  readonly place: number;
  readonly initial: number;
  readonly outsideName: string;
  answer(state: number, input: number): Answer;
  isPublished(fact: Fact): boolean;
  /** The inputs that may come of a call. */
  outcomes(call: number): readonly number[];
  /** The input that says that nothing came of a call. */
  notFound(call: number): number;
  mayFailForGood(call: number): boolean;
  stateAt(state: number): unknown;
  inputAt(input: number): Fact;
  callAt(call: number): OutsideCall;
}

/** The moment of every decision: time is no part of a state, so that a repeated attempt leads back to the same one. */
const ALWAYS_MS = 0;

/** The real rules of one kind of stream, as a machine that remembers what was decided once. */
export class StreamModel<State, Input extends Fact, F extends Fact, Call extends OutsideCall, Outcome extends Fact>
  implements StreamMachine
{
  readonly place: number;
  readonly initial: number;
  readonly #aggregate: AnyAggregate<State, Input | Outcome, F, Call>;
  readonly #outside: Outcomes<Call, Outcome>;
  readonly #states = new Numbered<State>();
  readonly #inputs = new Numbered<Input | Outcome>();
  readonly #calls = new Numbered<Call>();
  readonly #answers = new Map<number, Map<number, Answer>>();

  constructor(
    place: number,
    aggregate: AnyAggregate<State, Input | Outcome, F, Call>,
    outside: Outcomes<Call, Outcome>,
  ) {
    this.place = place;
    this.#aggregate = aggregate;
    this.#outside = outside;
    this.initial = this.#states.numberOf(aggregate.initialState);
  }

  get name(): string {
    return this.#aggregate.name;
  }

  get outsideName(): string {
    return this.#outside.name;
  }

  numberOf(input: Input): number {
    return this.#inputs.numberOf(input);
  }

  answer(state: number, input: number): Answer {
    const answers = this.#answers.get(state) ?? new Map<number, Answer>();
    const known = answers.get(input);
    if (known !== undefined) return known;
    const answer = this.#decide(this.#states.at(state), this.#inputs.at(input));
    this.#answers.set(state, answers.set(input, answer));
    return answer;
  }

  isPublished({ type }: Fact): boolean {
    return type in this.#aggregate.publishes;
  }

  outcomes(call: number): readonly number[] {
    return this.#outside.of(this.#calls.at(call)).map((outcome) => this.#inputs.numberOf(outcome));
  }

  notFound(call: number): number {
    return this.#inputs.numberOf(this.#outside.notFound(this.#calls.at(call)));
  }

  mayFailForGood(call: number): boolean {
    return this.#outside.mayFailForGood(this.#calls.at(call));
  }

  stateAt(state: number): State {
    return this.#states.at(state);
  }

  inputAt(input: number): Input | Outcome {
    return this.#inputs.at(input);
  }

  callAt(call: number): Call {
    return this.#calls.at(call);
  }

  /** @param states those of an order's streams, by their places */
  stateAmong(states: readonly number[]): State {
    return this.#states.at(states[this.place]);
  }

  #decide(state: State, input: Input | Outcome): Answer {
    const decision = this.#aggregate.decide(state, input, { nowMs: ALWAYS_MS });
    const written = this.#write(state, factsOf(decision));
    switch (decision.kind) {
      case 'commit': {
        const { counters, ifShort } = decision;
        const instead = ifShort && ((shortages: Shortages) => this.#write(state, ifShort(shortages)));
        return { kind: 'commits', ...written, counters, ifShort: instead };
      }
      case 'call': {
        const { call, before, learned } = decision;
        const ifTooOld = before && this.#write(state, learned);
        return { kind: 'calls', ...written, call: this.#calls.numberOf(call), ifTooOld };
      }
      case 'ask':
        return { kind: 'asks', ...written, call: this.#calls.numberOf(decision.call) };
      case 'skip':
        return { kind: 'skips' };
      case 'notYet':
        return { kind: 'notYet' };
    }
  }

  #write(state: State, facts: readonly F[]): Written {
    return { to: this.#states.numberOf(facts.reduce(this.#aggregate.evolve, state)), facts };
  }
}
