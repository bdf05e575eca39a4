import type { CounterChange, CounterShortage, SnapshotRule } from './event-store.ts';
import type { Fact, FactsOf, FactType, FactTypes } from './fact.ts';

/** When a decision is made. */
export interface Moment {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

/** A call to the outside. The key is derived from the stream, so that every attempt carries the same one. */
export interface OutsideCall {
  readonly key: string;
}

/** The facts that follow from counters that were too low. */
export type IfShort<Decided extends Fact> = (
  shortages: readonly [CounterShortage, ...CounterShortage[]],
) => readonly Decided[];

/** When a call was attempted for the first and for the last time. */
export interface Attempts {
  readonly firstMs: number;
  readonly lastMs: number;
}

/** What a decider answers. Made by `commit`, `commitIfEnough`, `skip`, `notYet`, `call` and `ask`. */
export type Decision<Decided extends Fact, Call extends OutsideCall = never> =
  | {
      readonly kind: 'commit';
      readonly facts: readonly Decided[];
      readonly counters: readonly CounterChange[];
      /** What follows instead when the counters are too low. */
      readonly ifShort: IfShort<Decided> | undefined;
    }
  | { readonly kind: 'skip' }
  | { readonly kind: 'notYet'; readonly why: string }
  | {
      readonly kind: 'call';
      readonly call: Call;
      /** What else is known by now. */
      readonly learned: readonly Decided[];
      /** The intent to call: committed before the call together with what was learned, and without the cause. */
      readonly intent: Decided;
      /**
       * The attempts before this one, if there were any: after the provider's memory of the first has run out, it is
       * asked instead, and not until the last must have ended.
       */
      readonly before: Attempts | undefined;
    }
  | {
      readonly kind: 'ask';
      readonly call: Call;
      /** What is known by now: committed before asking, and without the cause. */
      readonly learned: readonly Decided[];
      /** When the call was last attempted: until that attempt must have ended, nothing is settled. */
      readonly lastAttemptMs: number;
    };

/**
 * These facts follow. Without any, the event is remembered all the same, so that its duplicate is known when it would
 * matter.
 */
export function commit<Decided extends Fact>(
  facts: readonly Decided[],
  counters: readonly (CounterChange & { readonly atLeast?: never })[] = [],
): Decision<Decided> {
  return { kind: 'commit', facts, counters, ifShort: undefined };
}

/** These facts follow if the counters hold enough, and those of `ifShort` if they do not: all or nothing. */
export function commitIfEnough<Decided extends Fact>(
  facts: readonly Decided[],
  counters: readonly CounterChange[],
  ifShort: IfShort<Decided>,
): Decision<Decided> {
  return { kind: 'commit', facts, counters, ifShort };
}

/** Nothing follows, and nothing ever can in this state, whatever comes: not even the event is remembered. */
export function skip(): Decision<never> {
  return { kind: 'skip' };
}

/**
 * The event comes too early to be decided: it fails for now, and comes again later. No answer to a call's outcome, which
 * would be lost.
 *
 * @param why what is missing, for people
 */
export function notYet(why: string): Decision<never> {
  return { kind: 'notYet', why };
}

/**
 * Commit the intent, and what has been learned by now, then call; `decide` is asked again with the outcome.
 *
 * @param before when the call was attempted, if this is a repetition
 */
export function call<Decided extends Fact, Call extends OutsideCall>(
  call: Call,
  { learned, intent, before }: { learned: readonly Decided[]; intent: Decided; before?: Attempts | undefined },
): Decision<Decided, Call> {
  return { kind: 'call', call, learned, intent, before };
}

/**
 * Commit what has been learned by now, then find out what became of an attempted call, without calling; `decide` is
 * asked again with the outcome. What is learned is what the outcome is judged by: that the order is cancelled, or its
 * deadline has passed. And it keeps all others from attempting the call again.
 *
 * @param lastAttemptMs when the call was last attempted
 */
export function ask<Decided extends Fact, Call extends OutsideCall>(
  call: Call,
  { learned, lastAttemptMs }: { learned: readonly Decided[]; lastAttemptMs: number },
): Decision<Decided, Call> {
  return { kind: 'ask', call, learned, lastAttemptMs };
}

/** The facts that a decision commits, whatever comes after that: an intent stands last. */
export function factsOf<Decided extends Fact, Call extends OutsideCall>(
  decision: Decision<Decided, Call>,
): readonly Decided[] {
  switch (decision.kind) {
    case 'commit':
      return decision.facts;
    case 'call':
      return [...decision.learned, decision.intent];
    case 'ask':
      return decision.learned;
    case 'skip':
    case 'notYet':
      return [];
  }
}

/**
 * The rules of one kind of stream, as pure functions.
 * - `evolve` folds a committed fact into the state; it never refuses.
 * - `decide` answers an input, a received fact or a call's outcome, with what follows.
 *
 * Inputs come in any order and more than once.
 */
export interface Decider<State, Input extends Fact, Decided extends Fact, Call extends OutsideCall = never> {
  readonly initialState: State;
  readonly evolve: (state: State, fact: Decided) => State;
  readonly decide: (state: State, input: Input, at: Moment) => Decision<Decided, Call>;
}

/** How many commits a snapshot is written after, and how many commits' causes it remembers. */
export interface Snapshots extends SnapshotRule {
  readonly rememberCauses: number;
}

/** An aggregate by the facts that it decides, whether they are published or not. */
export interface AnyAggregate<State, Input extends Fact, Decided extends Fact, Call extends OutsideCall = never>
  extends Decider<State, Input, Decided, Call> {
  /** The first part of its streams' names: the `order` of `order#order-c1`. */
  readonly name: string;
  /** The facts that are published. All others concern the own context only. */
  readonly publishes: FactTypes;
  readonly snapshots: Snapshots;
}

/**
 * A kind of stream: its name, its rules, and which of its facts leave the context. The schemas say what a published fact
 * holds, so that one that does not fit does not compile, nor one that `publishes` forgets.
 *
 * @typeParam Publishes the published facts: `typeof publishes`
 * @typeParam Own the facts that concern the own context only
 */
export interface Aggregate<
  State,
  Input extends Fact,
  Publishes extends FactTypes,
  Own extends Fact = never,
  Call extends OutsideCall = never,
> extends AnyAggregate<State, Input, FactsOf<Publishes> | Own, Call> {
  /** Each under its own name. */
  readonly publishes: { readonly [Name in keyof Publishes]: Publishes[Name] & FactType<Name & string> };
}

/** Stands for `typeof publishes` where every fact concerns the own context only. */
export type PublishesNothing = Readonly<Record<string, never>>;

/**
 * A snapshot every 20 commits with the causes of the last 40: a load reads 20 items at most, and a snapshot's causes
 * take about 4 KB. Raise `stateVersion` whenever the shape of the state changes.
 */
export const SNAPSHOTS: Snapshots = { every: 20, rememberCauses: 40, stateVersion: 1 };
