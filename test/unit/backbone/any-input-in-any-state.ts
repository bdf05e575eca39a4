import fc from 'fast-check';
import { expect } from 'vitest';
import { type AnyAggregate, factsOf, type OutsideCall } from '../../../functions/backbone/aggregate.ts';
import type { CounterShortage } from '../../../functions/backbone/event-store.ts';
import type { Fact } from '../../../functions/backbone/fact.ts';
import { assertPublishable } from '../../../functions/backbone/stream.ts';

/**
 * Walks through an aggregate's states by any inputs in any order: whatever comes, it decides, and what it publishes
 * fits the schemas.
 *
 * @param inputs received facts and outcomes of calls alike
 */
export function anyInputInAnyState<State, Input extends Fact, Decided extends Fact, Call extends OutsideCall>(
  aggregate: AnyAggregate<State, Input, Decided, Call>,
  inputs: fc.Arbitrary<Input>,
): void {
  const step = fc.record({ input: inputs, short: fc.boolean(), waitMs: fc.constantFrom(0, 1_000, 48 * 3600_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let state = aggregate.initialState;
      let nowMs = Date.parse('2026-01-31T12:00:00.000Z');
      for (const { input, short, waitMs } of steps) {
        nowMs += waitMs;
        const decision = aggregate.decide(state, input, { nowMs });
        const counters = decision.kind === 'commit' ? decision.counters : [];
        const ifShort = decision.kind === 'commit' ? decision.ifShort : undefined;
        const [first, ...others] = counters.map(({ counter, atLeast }): CounterShortage => {
          return { counter, field: atLeast?.field ?? '', needed: atLeast?.amount ?? 0, found: 0 };
        });
        const facts = short && ifShort && first !== undefined ? ifShort([first, ...others]) : factsOf(decision);
        expect(new Set(counters.map(({ counter }) => counter)).size).toBe(counters.length);
        assertPublishable(aggregate, facts);
        state = facts.reduce(aggregate.evolve, state);
      }
    }),
  );
}
