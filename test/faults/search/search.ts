import { OrderCancelled } from '../../../schemas/generated/facts.ts';
import type { Circumstances } from './circumstances.ts';
import type { Outline } from './order-model.ts';
import type { Rules } from './shop-model.ts';
import { StateTable } from './state-table.ts';
import { PROMISES, type Promises, type WayStep, WorldModel } from './world-model.ts';

/** What is searched. */
export interface Search {
  /** How many orders there are for the one unit of stock. */
  readonly orders: 1 | 2;
  readonly rules: Rules;
  readonly circumstances: Circumstances;
  /**
   * What is to hold.
   *
   * @default PROMISES
   */
  readonly promises?: Promises;
  /** When more states than this have been found, the search gives up. */
  readonly mostStates: number;
  /** Told now and then how far it is. */
  readonly progress?: (soFar: Size) => void;
}

export interface Size {
  readonly states: number;
  readonly transitions: number;
  /** How many steps the farthest state is away from the beginning. */
  readonly depth: number;
}

/** What a search found. */
export interface Found extends Size {
  /** Whether every state was looked at that can be reached in these circumstances. */
  readonly isComplete: boolean;
  /** In how many states it ends, by how. */
  readonly ends: ReadonlyMap<string, number>;
  readonly violation: Violation | undefined;
}

/** What must not be, and a shortest way there. */
export interface Violation {
  readonly what: readonly string[];
  readonly way: readonly WayStep[];
}

const PROGRESS_EVERY = 50_000;

/** Looks at every state that can be reached, nearest first, up to the first that violates an invariant. */
export function search({ orders, rules, circumstances, promises = PROMISES, mostStates, progress }: Search): Found {
  const model = new WorldModel(orders, rules, circumstances, promises);
  const found = new StateTable();
  const ends = new Map<string, number>();
  let transitions = 0;
  let depth = 0;
  found.add(model.initial, NOWHERE);
  let lastOfDepth = 0;
  const size = () => ({ states: found.size, transitions, depth });
  for (let place = 0; place < found.size; place += 1) {
    const world = found.key(place);
    if (model.isViolated(world)) return { ...size(), isComplete: false, ends, violation: wayTo(model, found, place) };
    if (found.size > mostStates) return { ...size(), isComplete: false, ends, violation: undefined };
    const end = model.end(world)?.map(inWords).toSorted().join(' + ');
    if (end !== undefined) ends.set(end, (ends.get(end) ?? 0) + 1);
    model.forEachStep(world, (to) => {
      transitions += 1;
      found.add(to, place);
    });
    if (place === lastOfDepth && place + 1 < found.size) {
      depth += 1;
      lastOfDepth = found.size - 1;
    }
    if (place % PROGRESS_EVERY === 0) progress?.(size());
  }
  const trap = firstWithoutEnd(model, found);
  const violation = trap === undefined ? undefined : wayTo(model, found, trap);
  return { ...size(), isComplete: true, ends, violation };
}

/** The nearest state from which no end is reached, though everything that is due happens. */
function firstWithoutEnd(model: WorldModel, found: StateTable): number | undefined {
  const reachesEnd = new Uint8Array(found.size);
  let isSettled = false;
  while (!isSettled) {
    isSettled = true;
    // Most steps lead to states that were found later.
    for (let place = found.size - 1; place >= 0; place -= 1) {
      if (reachesEnd[place] === 1) continue;
      const world = found.key(place);
      let reaches = model.end(world) !== undefined;
      model.forEachStep(world, (to, isDue) => {
        if (isDue && reachesEnd[found.placeOf(to)] === 1) reaches = true;
      });
      if (!reaches) continue;
      reachesEnd[place] = 1;
      isSettled = false;
    }
  }
  const trap = reachesEnd.indexOf(0);
  return trap === -1 ? undefined : trap;
}

const NOWHERE = -1;

function wayTo(model: WorldModel, found: StateTable, place: number): Violation {
  const worlds: number[] = [];
  for (let at = place; at !== NOWHERE; at = found.parent(at)) {
    worlds.unshift(found.key(at));
  }
  const { way, violations } = model.tell(worlds);
  return { what: violations.length > 0 ? violations : ['no end can be reached from here'], way };
}

/** How an order ended. */
function inWords({ order, facts }: Outline): string {
  const { stage, charges, stock } = order;
  if (stage !== 'cancelled') return stage;
  const reasons = facts.flatMap(({ type, data }) => {
    return type === OrderCancelled.type && OrderCancelled.accepts(data) ? [data.reason] : [];
  });
  const money = charges.length > 0 ? 'refunded' : 'never charged';
  return `cancelled (${reasons.join()}), ${money}, ${stock === 'released' ? 'released' : 'never held'}`;
}
