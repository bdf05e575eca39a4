import { atRandom, type Choices, recorded } from '../simulation/choices.ts';
import { byChance, type Fault, type FaultPlan, type Faults } from '../simulation/faults.ts';
import { randomFrom } from '../simulation/random.ts';
import type { Description, WorldOptions } from '../simulation/world.ts';
import type { Scenario } from './scenario.ts';
import { scenarioNamed } from './scenarios.ts';
import { type Outcome, runSchedule } from './schedule.ts';
import type { Shop } from './shop-world.ts';
import { storm } from './storm.ts';

/** A schedule as plain data: all that it takes to repeat it exactly. */
export interface Repeatable {
  /** Of `SCENARIOS`, or `storm <number>`. */
  readonly scenario: string;
  readonly plan: FaultPlan;
  readonly picks: readonly number[];
  readonly options: Pick<WorldOptions, 'seed' | 'skewMs' | 'warm'>;
}

/** Runs what was recorded. A fault that its call does not know here is left out. */
export function repeat({ scenario, plan, picks, options }: Repeatable, describe?: Description<Shop>): Promise<Outcome> {
  const faults: Faults = {
    at: ({ n, faults }) => {
      const fault = plan[n];
      return fault !== undefined && faults.includes(fault) ? fault : undefined;
    },
  };
  return runSchedule({ ...options, scenario: scenarioOf(scenario), faults, choices: recorded(picks) }, describe);
}

/**
 * A story in which everything is left to chance: what comes first, what goes wrong and how often, how far clocks are off,
 * whether functions are warm. The seed says all of it.
 */
export function leftToChance(
  scenario: Scenario,
  seed: number,
): { readonly schedule: Chance; readonly options: Repeatable['options'] } {
  const random = randomFrom(`chance ${seed}`);
  const probability = PROBABILITIES[random.below(PROBABILITIES.length)] ?? 0;
  const options = { seed, skewMs: random.below(2) * 30_000, warm: random.below(3) > 0 };
  const schedule = { ...options, scenario, faults: byChance(seed, probability), choices: atRandom(seed) };
  return { schedule, options };
}

const PROBABILITIES = [0, 0.005, 0.02, 0.05, 0.1] as const;

interface Chance extends Pick<WorldOptions, 'seed' | 'skewMs' | 'warm'> {
  readonly scenario: Scenario;
  readonly faults: Faults;
  readonly choices: Choices;
}

/** @throws Error that names those that there are */
export function scenarioOf(name: string): Scenario {
  const number = /^storm (\d+)$/.exec(name)?.[1];
  return number === undefined ? scenarioNamed(name) : storm(Number(number));
}

/** A plan as the command line takes it: `17:dies-after,33:twice`. */
export function planText(plan: FaultPlan): string {
  return Object.entries(plan)
    .map(([n, fault]) => `${n}:${fault}`)
    .join(',');
}

/** @throws Error that says how a plan is written */
export function readPlan(text: string): FaultPlan {
  const plan: Record<number, Fault> = {};
  for (const part of text.split(',').filter((part) => part !== '')) {
    const [, n, fault] = /^(\d+):([a-z-]+)$/.exec(part) ?? [];
    if (n === undefined || fault === undefined) {
      throw new Error(`the plan '${text}' is no list of numbers and faults, such as 17:dies-after,33:twice`);
    }
    // What a call does not know is left out when it comes to it.
    plan[Number(n)] = fault as Fault;
  }
  return plan;
}
