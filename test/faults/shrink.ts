import type { FaultPlan } from '../simulation/faults.ts';
import type { Failure } from './campaign.ts';
import { type Repeatable, repeat } from './repeatable.ts';

/** Enough to get to the point, and soon enough for somebody who waits. */
const MOST_RUNS = 400;

/**
 * Makes a failing schedule as short as it can be and still fail: without the faults that do not matter, and with the plain
 * course of things wherever what was picked does not matter. Any violation counts, even if it is another one.
 *
 * @param fails tells the violations of a schedule @default runs it
 */
export async function shrink(
  failure: Failure,
  fails: (schedule: Repeatable) => Promise<readonly string[]> = async (schedule) => (await repeat(schedule)).violations,
): Promise<Failure> {
  let shortest = failure;
  let runs = 0;
  const tries = async (change: Partial<Repeatable>): Promise<boolean> => {
    if (runs >= MOST_RUNS) return false;
    runs += 1;
    const candidate = { ...shortest, ...change };
    const violations = await fails(candidate);
    if (violations.length === 0) return false;
    shortest = { ...candidate, violations };
    return true;
  };

  await tries({ options: {} });
  if (!(await tries({ picks: [] }))) {
    // The beginning that matters, by halves; then each pick in it.
    for (let step = Math.ceil(shortest.picks.length / 2); step >= 1; step = Math.floor(step / 2)) {
      while (shortest.picks.length >= step && (await tries({ picks: shortest.picks.slice(0, -step) })));
    }
  }
  for (let block = Math.ceil(Object.keys(shortest.plan).length / 2); block >= 1; block = Math.floor(block / 2)) {
    for (let at = 0; at < Object.keys(shortest.plan).length; ) {
      if (!(await tries({ plan: without(shortest.plan, at, block) }))) at += block;
    }
  }
  for (let at = shortest.picks.length - 1; at >= 0; at -= 1) {
    if (shortest.picks[at] !== 0) await tries({ picks: shortest.picks.with(at, 0) });
  }
  return shortest;
}

function without(plan: FaultPlan, at: number, count: number): FaultPlan {
  return Object.fromEntries(Object.entries(plan).filter((_, n) => n < at || n >= at + count));
}
