import { atRandom, type ChoicePoint, type Choices } from '../simulation/choices.ts';
import { type Call, type Fault, type FaultPlan, type Faults, planned } from '../simulation/faults.ts';
import { leftToChance, type Repeatable, scenarioOf } from './repeatable.ts';
import type { Scenario } from './scenario.ts';
import { SCENARIOS } from './scenarios.ts';
import { type Outcome, runSchedule, type Schedule } from './schedule.ts';

/** How schedules are made. */
export const KINDS = {
  plain: 'nothing goes wrong',
  singles: 'every call fails, in every mode',
  pairs: 'every two calls fail, in every mode that can end differently',
  twice: 'every message comes twice',
  orders: 'messages come in every order',
  chance: 'everything left to chance, by seeds',
  storms: 'many orders over scarce stock, everything left to chance',
} as const;

export type Kind = keyof typeof KINDS;

/** A part of the campaign that one worker does in one go. */
export interface Task {
  readonly kind: Kind;
  readonly scenario: string;
  /** Which of the parts of its kind and scenario, from 0; seeds begin at `part × size`. */
  readonly part: number;
  /** Into how many parts the kind is cut for the scenario, or how many seeds a part has. */
  readonly size: number;
  /** At most so many schedules, spread evenly; 0 or nothing for all. */
  readonly most?: number;
}

/** A schedule that breaks a promise. */
export interface Failure extends Repeatable {
  readonly kind: Kind;
  readonly violations: readonly string[];
}

/** What came of a task. */
export interface Tally {
  readonly schedules: number;
  readonly faults: number;
  readonly failures: readonly Failure[];
}

/** How much of what has no end is done. */
export interface Budget {
  /** Seeds for each scenario. */
  readonly chance: number;
  readonly storms: number;
  /** Orders of delivery for each scenario. */
  readonly orders: number;
  /** Pairs for each scenario, spread evenly over all of them; 0 for all. */
  readonly pairs: number;
}

const PARTS = 8;
const SEEDS_A_PART = 25;

/** The campaign, cut into parts. */
export function tasks(kinds: readonly Kind[], scenarios: readonly string[], budget: Budget): readonly Task[] {
  const each = (kind: Kind, parts: number, size: number) =>
    scenarios.flatMap((scenario) => Array.from({ length: parts }, (_, part): Task => ({ kind, scenario, part, size })));
  const makers: Readonly<Record<Kind, () => readonly Task[]>> = {
    plain: () => each('plain', 1, 1),
    singles: () => each('singles', PARTS, PARTS),
    pairs: () =>
      each('pairs', PARTS * PARTS, PARTS * PARTS).map((task) => ({
        ...task,
        most: Math.ceil(budget.pairs / PARTS ** 2),
      })),
    twice: () => each('twice', 1, SEEDS_A_PART),
    orders: () => each('orders', 1, budget.orders),
    chance: () => each('chance', Math.ceil(budget.chance / SEEDS_A_PART), SEEDS_A_PART),
    storms: () =>
      Array.from(
        { length: budget.storms },
        (_, n): Task => ({ kind: 'storms', scenario: `storm ${n}`, part: n, size: 1 }),
      ),
  };
  return kinds.flatMap((kind) => makers[kind]());
}

export function allScenarios(): readonly string[] {
  return SCENARIOS.map(({ name }) => name);
}

/** Runs a part of the campaign. */
export async function runTask(task: Task, each: (outcome: Outcome) => void = () => {}): Promise<Tally> {
  let [schedules, faults] = [0, 0];
  const failures: Failure[] = [];
  for await (const { outcome, failure } of resultsOf(task)) {
    each(outcome);
    schedules += 1;
    faults += Object.keys(outcome.plan).length;
    if (failure !== undefined) failures.push(failure);
  }
  return { schedules, faults, failures };
}

/** What came of a schedule. */
export interface Result {
  readonly outcome: Outcome;
  readonly failure: Failure | undefined;
}

/** Runs a part of the campaign, one schedule after the other. */
export async function* resultsOf(task: Task): AsyncGenerator<Result> {
  const scenario = scenarioOf(task.scenario);
  for await (const { outcome, options, expected = [] } of RUNS[task.kind](scenario, task)) {
    const violations = [...outcome.violations, ...(outcome.violations.length === 0 ? expected : [])];
    const { world, plan } = outcome;
    const schedule = { kind: task.kind, scenario: scenario.name, plan, picks: world.picks, options };
    yield { outcome, failure: violations.length === 0 ? undefined : { ...schedule, violations } };
  }
}

interface Run {
  readonly outcome: Outcome;
  readonly options: Repeatable['options'];
  /** What else is wrong with it, beside the invariants. */
  readonly expected?: readonly string[];
}

type Runs = (scenario: Scenario, task: Task) => AsyncGenerator<Run>;

const RUNS: Readonly<Record<Kind, Runs>> = { plain, singles, pairs, twice, orders, chance, storms: chance };

async function run(schedule: Schedule, options: Repeatable['options'] = {}): Promise<Run> {
  return { outcome: await runSchedule({ ...options, ...schedule }), options };
}

/** And the story ends as it is told. */
async function* plain(scenario: Scenario): AsyncGenerator<Run> {
  const plainly = await run({ scenario });
  yield { ...plainly, expected: wrongEnds(scenario, plainly.outcome) };
}

/** Each by itself; and what is forgotten once more where clocks differ, for its memory is a matter of clocks. */
async function* singles(scenario: Scenario, { part, size }: Task): AsyncGenerator<Run> {
  const isMeant = (index: number) => index % size === part;
  const { calls } = (await runSchedule({ scenario })).world;
  for (const [index, plan] of calls.flatMap(singleFaults).entries()) {
    if (isMeant(index)) yield await run({ scenario, faults: planned(plan) });
  }
  for (const options of CLOCKS_APART) {
    const { calls } = (await runSchedule({ scenario, ...options })).world;
    for (const [index, { n }] of calls.filter(({ faults }) => faults.includes('expired')).entries()) {
      if (isMeant(index)) yield await run({ scenario, faults: planned({ [n]: 'expired' }) }, options);
    }
  }
}

/** By up to two minutes; the seed says whose is fast and whose is slow. */
const CLOCKS_APART = [1, 2, 3, 4].map((seed) => ({ seed, skewMs: 120_000 }));

/** The second fault strikes what follows from the first: its calls are those of the run with the first. */
async function* pairs(scenario: Scenario, { part, size, most = 0 }: Task): AsyncGenerator<Run> {
  const { calls } = (await runSchedule({ scenario })).world;
  const plans: FaultPlan[] = [];
  for (const [index, [striker, first]] of decisiveFaults(calls).entries()) {
    if (index % size !== part) continue;
    const { world } = await runSchedule({ scenario, faults: planned(first) });
    for (const [other, second] of decisiveFaults(world.calls.filter(({ n }) => n > striker.n))) {
      if (isNotifier(other) === isNotifier(striker)) plans.push({ ...first, ...second });
    }
  }
  const stride = most > 0 ? Math.max(1, plans.length / most) : 1;
  for (let at = 0; at < plans.length; at += stride) {
    const plan = plans[Math.floor(at)];
    if (plan !== undefined) yield await run({ scenario, faults: planned(plan) });
  }
}

/** The plain course of things, and then by seeds. */
async function* twice(scenario: Scenario, { size }: Task): AsyncGenerator<Run> {
  yield await run({ scenario, faults: everythingTwice() });
  for (let seed = 1; seed < size; seed += 1) {
    yield await run({ scenario, faults: everythingTwice(), choices: atRandom(seed) }, { seed });
  }
}

/** By the bus, by the queue and by the stream; a copy is not copied again. */
function everythingTwice(): Faults {
  const copied = new Set<string>();
  return {
    at: ({ who, port, about, faults }) => {
      const what = `${who} ${port} ${about}`;
      if (!faults.includes('twice') || copied.has(what)) return undefined;
      copied.add(what);
      return 'twice';
    },
  };
}

/**
 * Which message is handled next is varied in every way, up to a number; handlers run whole. Where the world stands as it
 * stood before, what follows is known. Read models are left out: their updates commute. And the story ends as it is
 * told, whatever comes first.
 */
async function* orders(scenario: Scenario, { size }: Task): AsyncGenerator<Run> {
  const seen = new Set<string>();
  const open: (readonly number[])[] = [[]];
  for (let runs = 0; runs < size && open.length > 0; runs += 1) {
    const prefix = open.pop() ?? [];
    const order = new OrderOfDelivery(prefix);
    const schedule = { scenario, choices: order, fingerprints: true, stepMs: 0 };
    const outcome = await runSchedule({
      ...schedule,
      observe: (world) => order.stands(() => world.fingerprint(), seen),
    });
    for (const { picked, count } of order.fresh) {
      for (let other = 1; other < count; other += 1) open.push([...picked, other]);
    }
    yield { outcome, options: {}, expected: wrongEnds(scenario, outcome) };
  }
}

async function* chance(scenario: Scenario, { part, size }: Task): AsyncGenerator<Run> {
  for (let seed = part * size; seed < (part + 1) * size; seed += 1) {
    const { schedule, options } = leftToChance(scenario, seed);
    yield { outcome: await runSchedule(schedule), options };
  }
}

/** Lets handlers run whole, and picks among deliveries as told, from then on the first. */
class OrderOfDelivery implements Choices {
  readonly #prefix: readonly number[];
  /** The points beyond the prefix at which the world had not stood before, with what was picked up to them. */
  readonly fresh: { readonly picked: readonly number[]; readonly count: number }[] = [];
  readonly #picked: number[] = [];
  #isKnown = false;
  #stands: (() => boolean) | undefined;

  constructor(prefix: readonly number[]) {
    this.#prefix = prefix;
  }

  /** Tells where the world stands, and that it has stood there. */
  stands(fingerprint: () => string, seen: Set<string>): void {
    this.#stands = () => {
      const here = fingerprint();
      const isNew = !seen.has(here);
      seen.add(here);
      return isNew;
    };
  }

  pick(count: number, point: ChoicePoint): number {
    if (point.kind === 'batch') return 1;
    if (point.kind === 'environment') return 0;
    if (point.kind === 'message') return this.#choose(count);
    if (point.kind !== 'step') return 0;
    // Streams come first: a message that is not delivered yet is as good as one that is not published yet.
    const { options } = point;
    const working = options.findIndex(({ what, who }) => what !== 'deliver' || READ_MODELS.has(who) || isStream(who));
    return working < 0 ? this.#choose(count) : working;
  }

  #choose(count: number): number {
    const told = this.#prefix[this.#picked.length];
    if (told === undefined && !this.#isKnown) {
      if (this.#stands?.() === false) this.#isKnown = true;
      else this.fresh.push({ picked: [...this.#picked], count });
    }
    const picked = Math.min(told ?? 0, count - 1);
    this.#picked.push(picked);
    return picked;
  }
}

function isStream(who: string): boolean {
  return who.includes('-stream');
}

const READ_MODELS: ReadonlySet<string> = new Set(['order-view', 'notifications-customers']);

function singleFaults({ n, faults }: Call): readonly FaultPlan[] {
  return faults.map((fault) => ({ [n]: fault }));
}

/**
 * What two faults can do that one cannot: at the calls of those who decide, in the modes that leave something behind. A
 * throttled call differs from a failed one in how often it may come again only, a slow one in nothing that a pair shows;
 * both are among the singles and left to chance. Of the many attempts of one call, the first two and the last stand for
 * all. And notifications touches nothing that others decide by, so its faults are paired among themselves.
 */
const DECISIVE: ReadonlySet<Fault> = new Set([
  'error-before',
  'error-after',
  'dies-before',
  'dies-after',
  'times-out',
  'competitor',
  'expired',
  'partial',
]);

const TRANSPORT: ReadonlySet<string> = new Set(['bus.deliver', 'queue.deliver', 'queue.delete', 'stream.deliver']);

function decisiveFaults(calls: readonly Call[]): readonly (readonly [Call, FaultPlan])[] {
  const attempts = new Map<string, Call[]>();
  for (const call of calls) {
    const isTransport = TRANSPORT.has(`${call.port}.${call.method}`);
    if (isTransport || READ_MODELS.has(nameOf(call))) continue;
    const one = attemptOf(call);
    attempts.set(one, [...(attempts.get(one) ?? []), call]);
  }
  return [...attempts.values()]
    .flatMap((all) => (all.length <= 3 ? all : [...all.slice(0, 2), ...all.slice(-1)]))
    .flatMap((call) => {
      const faults = call.faults.filter((fault) => DECISIVE.has(fault));
      return singleFaults({ ...call, faults }).map((plan) => [call, plan] as const);
    });
}

/** What all attempts of a call have in common: neither the version that is written nor the message that is handled. */
function attemptOf(call: Call): string {
  const about = call.port === 'queue' ? '' : call.about.replace(/@\d+$/, '');
  return `${nameOf(call)} ${call.port}.${call.method} ${about}`;
}

/** The function, without its environment's number. */
function nameOf({ who }: Call): string {
  return who.replace(/-\d+$/, '');
}

function isNotifier(call: Call): boolean {
  return nameOf(call) === 'notifications';
}

function wrongEnds({ ends }: Scenario, { world }: Outcome): readonly string[] {
  return Object.entries(ends).flatMap(([orderId, possible]) => {
    const { status, reason } = world.parts.view.item(orderId) ?? {};
    const end = status === 'cancelled' ? reason : status;
    return possible.some((one) => one === end) ? [] : [`${orderId} ends ${end} instead of ${possible.join(' or ')}`];
  });
}
