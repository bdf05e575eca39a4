import { allScenarios, type Failure, type Kind, resultsOf, type Task, tasks } from '../campaign.ts';

/** How a mutation fared. */
export type Finding =
  | {
      readonly kind: 'found';
      /** How many schedules it took, the last one included. */
      readonly schedules: number;
      /** The first schedule that broke a promise. */
      readonly failure: Failure;
    }
  | { readonly kind: 'survived'; readonly schedules: number };

/** In rising order of cost: all single faults are many, and all pairs are more than anybody waits for. */
const ORDER: readonly Kind[] = ['plain', 'twice', 'orders', 'singles', 'chance', 'storms', 'pairs'];

/** A fraction of the campaign's own: a mutation that takes more hides too well to be an example. */
const BUDGET = { chance: 100, storms: 200, orders: 100, pairs: 500 } as const;

/** Of the parts into which the pairs of faults are cut for each story. */
const PARTS_OF_PAIRS = 1;

/**
 * Goes through the campaign until a promise is broken: every story in turn, rather than one story to its end.
 *
 * @param told what is being done, before each task
 */
export async function hunt(told: (kind: Kind, schedules: number) => void): Promise<Finding> {
  let schedules = 0;
  for (const task of ORDER.flatMap(tasksOf)) {
    told(task.kind, schedules);
    for await (const { failure } of resultsOf(task)) {
      schedules += 1;
      if (failure !== undefined) return { kind: 'found', schedules, failure };
    }
  }
  return { kind: 'survived', schedules };
}

function tasksOf(kind: Kind): readonly Task[] {
  return tasks([kind], allScenarios(), BUDGET)
    .filter(({ part }) => kind !== 'pairs' || part < PARTS_OF_PAIRS)
    .toSorted((one, other) => one.part - other.part);
}
