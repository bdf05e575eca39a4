import type { CounterChange, CounterShortage } from '../../../functions/backbone/event-store.ts';
import { delivery } from '../../../functions/inventory/delivery.ts';
import { type Line, stockOf } from '../../../functions/inventory/stock.ts';
import type { ShopStock } from '../invariants.ts';
import { Numbered } from './numbered.ts';
import { stockReceived } from './shop-model.ts';
import type { Shortages } from './stream-model.ts';

/** What became of a change: the state that it leads to, or what was too low for it. */
export type Changed =
  | { readonly kind: 'changed'; readonly to: number }
  | { readonly kind: 'short'; readonly shortages: Shortages };

type Counters = Readonly<Record<string, Readonly<Record<string, number>>>>;

interface StockState {
  /** Whether the one delivery is still to come. */
  readonly isAwaited: boolean;
  readonly counters: Counters;
}

/** The counters that all orders share, and the one unit that comes in at any time. */
export class StockModel {
  readonly initial: number;
  readonly #states = new Numbered<StockState>();
  readonly #changed = new Map<readonly CounterChange[], Changed[]>();

  constructor() {
    this.initial = this.#states.numberOf({ isAwaited: true, counters: {} });
  }

  isAwaited(number: number): boolean {
    return this.#states.at(number).isAwaited;
  }

  /** The state after the delivery. */
  delivered(number: number): number {
    const decision = delivery.decide(delivery.initialState, stockReceived, { nowMs: 0 });
    if (decision.kind !== 'commit') throw new Error(`a delivery that is expected is not booked: ${decision.kind}`);
    const { counters } = this.#states.at(number);
    return this.#states.numberOf({ isAwaited: false, counters: added(counters, decision.counters) });
  }

  /** All changes or none, as a store does it. */
  change(number: number, changes: readonly CounterChange[]): Changed {
    const known = this.#changed.get(changes) ?? [];
    this.#changed.set(changes, known);
    const changed = known[number] ?? this.#change(this.#states.at(number), changes);
    known[number] = changed;
    return changed;
  }

  describe(number: number): readonly ShopStock[] {
    const { sku } = stockReceived.data satisfies Line;
    const {
      received = 0,
      available = 0,
      reserved = 0,
      shipped = 0,
    } = this.#states.at(number).counters[stockOf(sku)] ?? {};
    return [{ sku, received, available, reserved, shipped }];
  }

  #change({ isAwaited, counters }: StockState, changes: readonly CounterChange[]): Changed {
    const [first, ...others] = changes.flatMap(({ counter, atLeast }): CounterShortage[] => {
      const found = atLeast === undefined ? 0 : (counters[counter]?.[atLeast.field] ?? 0);
      if (atLeast === undefined || found >= atLeast.amount) return [];
      return [{ counter, field: atLeast.field, needed: atLeast.amount, found }];
    });
    if (first !== undefined) return { kind: 'short', shortages: [first, ...others] };
    return { kind: 'changed', to: this.#states.numberOf({ isAwaited, counters: added(counters, changes) }) };
  }
}

function added(counters: Counters, changes: readonly CounterChange[]): Counters {
  const after = { ...counters };
  for (const { counter, add } of changes) {
    const fields = { ...after[counter] };
    for (const [field, amount] of Object.entries(add)) fields[field] = (fields[field] ?? 0) + amount;
    // In one order, so that equal counters are equal as JSON.
    after[counter] = Object.fromEntries(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
  return after;
}
