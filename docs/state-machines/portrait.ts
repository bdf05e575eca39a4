import type { AnyAggregate, OutsideCall } from '../../functions/backbone/aggregate.ts';
import { assertFits } from '../../functions/backbone/envelope.ts';
import type { Fact, FactType } from '../../functions/backbone/fact.ts';

/** An aggregate, and what its picture needs beside it: names for people. */
export interface Portrait<
  State,
  Input extends Fact,
  Decided extends Fact,
  Call extends OutsideCall,
  Name extends string,
> {
  readonly aggregate: AnyAggregate<State, Input, Decided, Call>;
  /** Where its rules are, from the top of the repository. */
  readonly file: string;
  /** What it is, in a sentence. */
  readonly about: string;
  /**
   * The names of its states, and whether it may rest in them for good. Their order is also how mermaid lays them out:
   * change it only with a look at the picture.
   */
  readonly states: Readonly<Record<Name, 'passing' | 'end'>>;
  readonly nameOf: (state: State) => Name;
  /**
   * What of a state tells it from others.
   *
   * @default everything
   */
  readonly essenceOf?: (state: State) => unknown;
  /** Whence each of its inputs comes. One that is forgotten does not compile. */
  readonly inputs: { readonly [Type in Input['type']]: Origin<Extract<Input, { readonly type: Type }>> };
  readonly outcomes: (call: Call) => Outcomes<NoInfer<Input>>;
}

/** Whence an input comes: from a fact that has happened. */
export interface Origin<Input extends Fact> {
  readonly fact: string;
  readonly read: (fact: Fact) => Input;
}

/** What may come of a call. */
export interface Outcomes<Input extends Fact> {
  /** What the call is called in the picture: `charge`. */
  readonly name: string;
  readonly performed: readonly Input[];
  /** The answer to a question about a call that never came through. */
  readonly notFound: Input;
}

/** A fact that is received as it is. */
export function heard<Type extends string, Data>(factType: FactType<Type, Data>): Origin<Fact<Type, Data>> {
  return taken(factType, factType.type, (data) => data);
}

/** A fact that is taken for something else: its delayed copy says that a deadline has passed. */
export function taken<Data, Type extends string, Taken>(
  factType: FactType<string, Data>,
  type: Type,
  as: (data: Data) => Taken,
): Origin<Fact<Type, Taken>> {
  return {
    fact: factType.type,
    read: ({ data }) => {
      assertFits(factType, data);
      return { type, data: as(data) };
    },
  };
}

/** The outcome of a call, which may come once the call has been made. */
export function answered<Input extends Fact>(outcome: Input): Origin<Input> {
  return { fact: outcome.type, read: () => outcome };
}

/** For aggregates that call nobody. */
export function callsNobody(call: never): never {
  throw new Error(`there is nobody to call for ${JSON.stringify(call)}`);
}

/** Says which types a portrait has. */
export function portrait<
  State,
  Input extends Fact,
  Decided extends Fact,
  Call extends OutsideCall,
  Name extends string,
>(portrait: Portrait<State, Input, Decided, Call, Name>): Portrait<State, Input, Decided, Call, Name> {
  return portrait;
}
