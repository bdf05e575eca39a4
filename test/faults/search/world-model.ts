import { ALWAYS, AT_REST, type Invariant, type Shop, violations } from '../invariants.ts';
import type { Circumstances } from './circumstances.ts';
import { OrderModel, type Outline, type Step, type ToldStep } from './order-model.ts';
import type { Rules } from './shop-model.ts';
import { StockModel } from './stock-model.ts';

/** What is to hold in every state, and besides where nothing is due any more. */
export interface Promises {
  readonly always: readonly Invariant[];
  readonly atRest: readonly Invariant[];
}

export const PROMISES: Promises = { always: ALWAYS, atRest: AT_REST };

/** A step on a way through worlds, for people. */
export interface WayStep {
  /** Which order takes it; nothing when it is no order's. */
  readonly order: string | undefined;
  /** Who takes it: a subscription, or somebody outside. */
  readonly who: string;
  /** What is handled. */
  readonly fact: string;
  readonly what: string;
}

/** Stock and orders under numbers; `second` is 0 where there is one order. */
interface Parts {
  readonly stock: number;
  readonly first: number;
  readonly second: number;
}

type Names = readonly [string, string];

const NAMES: Names = ['order-a', 'order-b'];

/** A world fits into a safe integer: 6 bits for the stock, 23 for each of two orders. */
const STOCKS = 2 ** 6;
const ORDER_STATES = 2 ** 23;

/**
 * One order or two, and the one unit of stock that they share. A world is a number. Nothing tells two orders apart but
 * their states, so of two worlds that mirror each other there is one: that with the lower state first.
 */
export class WorldModel {
  readonly initial: number;
  readonly #count: 1 | 2;
  readonly #promises: Promises;
  readonly #stock = new StockModel();
  readonly #order: OrderModel;
  readonly #outlines: Outline[] = [];
  readonly #outlineNumbers = new Map<Outline, number>();
  readonly #outlineOf: (number | undefined)[] = [];
  readonly #verdicts = new Map<number, boolean>();

  constructor(count: 1 | 2, rules: Rules, circumstances: Circumstances, promises: Promises) {
    this.#count = count;
    this.#promises = promises;
    this.#order = new OrderModel(rules, circumstances);
    const { initial } = this.#order;
    this.initial = this.#worldOf(this.#stock.initial, initial, count === 1 ? 0 : initial);
  }

  /**
   * Tells each step that can be taken.
   *
   * @param tell receives the world that it leads to, and whether it is due
   */
  forEachStep(world: number, tell: (to: number, isDue: boolean) => void): void {
    const { stock, first, second } = this.#partsOf(world);
    if (this.#stock.isAwaited(stock)) tell(this.#worldOf(this.#stock.delivered(stock), first, second), true);
    for (const step of this.#order.steps(first)) {
      this.#take(step, stock, ({ to, isDue }, after) => tell(this.#worldOf(after, to, second), isDue));
    }
    if (this.#count === 1) return;
    for (const step of this.#order.steps(second)) {
      this.#take(step, stock, ({ to, isDue }, after) => tell(this.#worldOf(after, first, to), isDue));
    }
  }

  /** The outline of each order where nothing is due any more, of nobody; nothing where something is. */
  end(world: number): readonly Outline[] | undefined {
    const outlines = this.#outlinesOf(this.#partsOf(world));
    return this.#isAtRest(world) ? outlines : undefined;
  }

  /** Whether anything is violated: what `violations` answers in words, answered fast. */
  isViolated(world: number): boolean {
    const { stock, first, second } = this.#partsOf(world);
    const others = this.#count === 1 ? 0 : this.#outlineNumber(second);
    const seen = (others * ORDER_STATES + this.#outlineNumber(first)) * STOCKS + stock;
    const known = this.#verdicts.get(seen);
    if (known !== undefined) return known;
    const verdict = this.violations(world).length > 0;
    this.#verdicts.set(seen, verdict);
    return verdict;
  }

  /** What is violated, in words. */
  violations(world: number, names: Names = NAMES): readonly string[] {
    const parts = this.#partsOf(world);
    const outlines = this.#outlinesOf(parts).map((outline, place) => ({ ...outline, name: names[place] ?? '' }));
    const shop: Shop = {
      orders: outlines.map(({ order, name }) => ({ ...order, orderId: name })),
      facts: outlines.flatMap(({ facts, name }) =>
        facts.map((fact) => ({ ...fact, stream: `${fact.stream}#${name}` })),
      ),
      stock: this.#stock.describe(parts.stock),
      streams: [],
      queues: outlines.flatMap(({ queues, name }) =>
        queues.map((queue) => ({ ...queue, name: `${queue.name} of ${name}` })),
      ),
    };
    const { always, atRest } = this.#promises;
    return [...violations(always, shop), ...(this.#isAtRest(world) ? violations(atRest, shop) : [])];
  }

  /** The way from the first of these worlds to the last, and what is violated there. */
  tell(worlds: readonly number[]): { readonly way: readonly WayStep[]; readonly violations: readonly string[] } {
    let names = NAMES;
    const way: WayStep[] = [];
    for (const [before, to] of worlds.slice(1).entries()) {
      const from = worlds[before] as number;
      const step = this.#stepBetween(from, to, names);
      way.push(step);
      const isFirst = step.order === names[0];
      const [old, young] = [this.#partsOf(from), this.#partsOf(to)];
      const isMirrored = isFirst ? young.second !== old.second : young.first !== old.first;
      if (this.#count === 2 && step.order !== undefined && isMirrored) names = [names[1], names[0]];
    }
    return { way, violations: this.violations(worlds.at(-1) ?? this.initial, names) };
  }

  #stepBetween(from: number, to: number, names: Names): WayStep {
    const { stock, first, second } = this.#partsOf(from);
    const found: WayStep[] = [];
    for (const [place, number] of (this.#count === 1 ? [first] : [first, second]).entries()) {
      for (const told of this.#order.told(number)) {
        this.#take(told, stock, (step, after) => {
          const world = place === 0 ? this.#worldOf(after, step.to, second) : this.#worldOf(after, first, step.to);
          if (world === to) found.push({ order: names[place], who: step.who, fact: step.fact, what: step.what() });
        });
      }
    }
    return found[0] ?? { order: undefined, who: 'inventory', fact: 'StockReceived', what: 'commits DeliveryBooked' };
  }

  /** A shortage that nothing was decided for fails the message for ever. */
  #take<S extends Step>(step: S, stock: number, take: (step: S | ToldStep, stock: number) => void): void {
    if (step.stock === undefined) {
      take(step, stock);
      return;
    }
    const changed = this.#stock.change(stock, step.stock.changes);
    if (changed.kind === 'changed') take(step, changed.to);
    else if (step.stock.ifShort !== undefined) take(step.stock.ifShort(changed.shortages), stock);
  }

  #isAtRest(world: number): boolean {
    const parts = this.#partsOf(world);
    return !this.#stock.isAwaited(parts.stock) && this.#outlinesOf(parts).every(({ isAtRest }) => isAtRest);
  }

  #outlinesOf({ first, second }: Parts): readonly Outline[] {
    const orders = this.#count === 1 ? [first] : [first, second];
    return orders.map((order) => this.#outlines[this.#outlineNumber(order)] as Outline);
  }

  #outlineNumber(order: number): number {
    const known = this.#outlineOf[order];
    if (known !== undefined) return known;
    const outline = this.#order.outline(order);
    const number = this.#outlineNumbers.get(outline) ?? this.#outlines.push(outline) - 1;
    this.#outlineNumbers.set(outline, number);
    this.#outlineOf[order] = number;
    return number;
  }

  #worldOf(stock: number, first: number, second: number): number {
    if (this.#count === 1) return first * STOCKS + stock;
    if (first >= ORDER_STATES || second >= ORDER_STATES || stock >= STOCKS) throw new RangeError('too many states');
    const [low, high] = first < second ? [first, second] : [second, first];
    return (high * ORDER_STATES + low) * STOCKS + stock;
  }

  #partsOf(world: number): Parts {
    const stock = world % STOCKS;
    const orders = (world - stock) / STOCKS;
    if (this.#count === 1) return { stock, first: orders, second: 0 };
    const first = orders % ORDER_STATES;
    return { stock, first, second: (orders - first) / ORDER_STATES };
  }
}
