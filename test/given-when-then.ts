import { deepStrictEqual, match, ok } from 'node:assert/strict';
import { type Decider, type Decision, factsOf, type OutsideCall } from '../functions/backbone/aggregate.ts';
import type { CounterChange, CounterShortage } from '../functions/backbone/event-store.ts';
import type { Fact } from '../functions/backbone/fact.ts';

/** The moment of a decision where a test does not say. */
export const A_MOMENT_MS = Date.parse('2026-01-31T12:00:00.000Z');

/**
 * Specifies a decider: given what was committed, when this comes, then that follows. Everything is compared exactly:
 * a fact too many, a field too many, a counter too many fails.
 *
 * @param decider the rules; an aggregate is one
 * @param facts what the stream holds, oldest first
 * @example
 * given(orderDecider, orderPlaced).when(paymentFailed).then({ type: 'OrderCancelled', data: { … } });
 * given(orderDecider, orderPlaced, orderConfirmed).when(paymentFailed).thenNothing();
 */
export function given<State, Input extends Fact, Decided extends Fact, Call extends OutsideCall>(
  decider: Decider<State, Input, Decided, Call>,
  ...facts: readonly Decided[]
): Given<Input, Decided, Call> {
  return {
    when(input, { nowMs = A_MOMENT_MS } = {}) {
      const state = facts.reduce(decider.evolve, decider.initialState);
      return new Then(decider.decide(state, input, { nowMs }));
    },
  };
}

/** What the stream holds is told; now something comes. */
export interface Given<Input extends Fact, Decided extends Fact, Call extends OutsideCall> {
  /**
   * Decides upon an input: a received fact, or the outcome of a call.
   *
   * @param at when it is decided; `A_MOMENT_MS` if not given
   */
  when(input: Input, at?: { readonly nowMs?: number }): Then<Decided, Call>;
}

/** A decision, held against what it should be. */
export class Then<Decided extends Fact, Call extends OutsideCall> {
  /** The decision itself, for what no ending below says. */
  readonly decision: Decision<Decided, Call>;

  constructor(decision: Decision<Decided, Call>) {
    this.decision = decision;
  }

  /** Exactly these facts follow, in this order, and no counter changes. */
  // biome-ignore lint/suspicious/noThenProperty: given, when, then; a specification is never awaited
  then(...facts: readonly Decided[]): void {
    this.thenCommits(facts, []);
  }

  /** Exactly these facts follow, and exactly these counters change with them. */
  thenCommits(facts: readonly Decided[], counters: readonly CounterChange[]): void {
    const { decision } = this;
    ok(decision.kind === 'commit', `expected a commit, but it is: ${inWords(decision)}`);
    deepStrictEqual({ facts: decision.facts, counters: decision.counters }, { facts, counters });
  }

  /** When counters are found as short as this, exactly these facts follow instead. */
  thenIfShort(shortages: readonly [CounterShortage, ...CounterShortage[]], ...facts: readonly Decided[]): void {
    const { decision } = this;
    const ifShort = decision.kind === 'commit' ? decision.ifShort : undefined;
    ok(ifShort !== undefined, `expected a commit that minds its counters, but it is: ${inWords(decision)}`);
    deepStrictEqual(ifShort(shortages), facts);
  }

  /** No fact follows, but the event is remembered. */
  thenNothing(): void {
    this.thenCommits([], []);
  }

  /** Nothing follows, and not even the event is remembered. */
  thenSkips(): void {
    ok(this.decision.kind === 'skip', `expected to be skipped, but it is: ${inWords(this.decision)}`);
  }

  /**
   * Exactly these facts are committed, the intent last, and then this call is made.
   *
   * @param before when the call was attempted before; not at all if not given
   */
  thenCalls(
    call: Call,
    facts: readonly Decided[],
    before?: { readonly firstMs: number; readonly lastMs: number },
  ): void {
    const { decision } = this;
    ok(decision.kind === 'call', `expected a call, but it is: ${inWords(decision)}`);
    const attempts = decision.before && { firstMs: decision.before.firstMs, lastMs: decision.before.lastMs };
    deepStrictEqual({ call: decision.call, facts: factsOf(decision), before: attempts }, { call, facts, before });
  }

  /**
   * What became of this call is asked.
   *
   * @param lastAttemptMs when it was last attempted
   * @param learned exactly these facts are committed before
   */
  thenAsks(call: Call, lastAttemptMs: number, ...learned: readonly Decided[]): void {
    const { decision } = this;
    ok(decision.kind === 'ask', `expected a question, but it is: ${inWords(decision)}`);
    const asked = { call: decision.call, learned: decision.learned, lastAttemptMs: decision.lastAttemptMs };
    deepStrictEqual(asked, { call, learned, lastAttemptMs });
  }

  /** It comes too early: nothing is committed, and the event comes again. */
  thenNotYet(why: RegExp): void {
    const { decision } = this;
    ok(decision.kind === 'notYet', `expected it to come too early, but it is: ${inWords(decision)}`);
    match(decision.why, why);
  }
}

function inWords(decision: Decision<Fact, OutsideCall>): string {
  return `${decision.kind} ${JSON.stringify(decision, undefined, 2)}`;
}
