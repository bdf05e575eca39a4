import { availableParallelism } from 'node:os';
import { parseArgs, styleText } from 'node:util';
import { allScenarios, type Budget, type Failure, KINDS, type Kind, tasks } from './campaign.ts';
import { work } from './crew.ts';
import { progress } from './progress.ts';
import { leftToChance, type Repeatable, readPlan, repeat, scenarioOf } from './repeatable.ts';
import { Score, story } from './report.ts';
import { runSchedule } from './schedule.ts';
import { shrink } from './shrink.ts';

/**
 * `npm run test:faults`: the whole campaign, or one schedule again.
 * Exit codes: 0 no promise is broken, 1 one is, 2 the command line does not fit.
 */

const HELP = `The fault campaign: every story of the shop, with everything going wrong that can.

  npm run test:faults                                the whole campaign
  npm run test:faults -- --only singles,orders       some kinds of schedules
  npm run test:faults -- --scenario 'late capture'   one story
  npm run test:faults -- --seed 17                   the storm of this seed, again
  npm run test:faults -- --scenario shipped --seed 4 a story left to chance, again
  npm run test:faults -- --scenario shipped --plan 17:dies-after --picks 0.2.1
                                                     a schedule as a failure tells it, again

Kinds
${Object.entries(KINDS)
  .map(([kind, what]) => `  ${kind.padEnd(9)} ${what}`)
  .join('\n')}

Options
  --only <kinds>        these kinds of schedules, with commas between; default all
  --scenario <name>     this story alone; --list names them
  --chance <n>          seeds for each story; default 1000
  --storms <n>          seeds for storms; default 500
  --pairs <n>           pairs for each story at most, spread evenly; default 0, every pair
  --orders <n>          orders of delivery for each story at most; default 1000
  --threads <n>         default one for each processor, here ${availableParallelism()}
  --seed, --plan, --picks, --skew, --cold
                        what a failure says about itself; shows its timeline
  --list                the stories
  --json                the result for programs
  --help                this

Exit codes: 0 no promise is broken, 1 one is, 2 the command line does not fit.`;

const OPTIONS = {
  only: { type: 'string' },
  scenario: { type: 'string' },
  chance: { type: 'string', default: '1000' },
  storms: { type: 'string', default: '500' },
  pairs: { type: 'string', default: '0' },
  orders: { type: 'string', default: '1000' },
  threads: { type: 'string', default: String(availableParallelism()) },
  seed: { type: 'string' },
  plan: { type: 'string' },
  picks: { type: 'string' },
  skew: { type: 'string' },
  cold: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

class BadCommandLine extends Error {}

function readCommandLine() {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    const kinds = values.only?.split(',') ?? Object.keys(KINDS);
    for (const kind of kinds) {
      if (!Object.hasOwn(KINDS, kind))
        throw new Error(`there is no kind '${kind}', but ${Object.keys(KINDS).join(', ')}`);
    }
    if (values.scenario !== undefined) scenarioOf(values.scenario);
    const numbers = { chance: 0, storms: 0, pairs: 0, orders: 0, threads: 0 };
    for (const name of ['chance', 'storms', 'pairs', 'orders', 'threads'] as const)
      numbers[name] = wholeNumber(name, values[name]);
    return {
      ...values,
      ...numbers,
      kinds: kinds as Kind[],
      plan: readPlan(values.plan ?? ''),
      isPlanned: values.plan !== undefined,
    };
  } catch (error) {
    throw new BadCommandLine(error instanceof Error ? error.message : String(error));
  }
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} is '${text}': give a whole number`);
  return Number(text);
}

type CommandLine = ReturnType<typeof readCommandLine>;

/** Whether one schedule is meant, and not the campaign. */
function isOne({ seed, isPlanned, picks }: CommandLine): boolean {
  return seed !== undefined || isPlanned || picks !== undefined;
}

/** One schedule, with its timeline. */
async function runOne({ scenario, seed, plan, isPlanned, picks, skew, cold, json }: CommandLine): Promise<number> {
  const number = seed === undefined ? undefined : wholeNumber('seed', seed);
  const name = scenario ?? `storm ${number ?? 0}`;
  const isByChance = number !== undefined && !isPlanned && picks === undefined;
  const options: Repeatable['options'] = {
    ...(number !== undefined && { seed: number }),
    ...(skew !== undefined && { skewMs: wholeNumber('skew', skew) }),
    ...(cold && { warm: false }),
  };
  const told: Repeatable = { scenario: name, plan, picks: picks?.split('.').map(Number) ?? [], options };
  const chance = isByChance ? leftToChance(scenarioOf(name), number) : undefined;
  const outcome = chance === undefined ? await repeat(told) : await runSchedule(chance.schedule);
  if (json) {
    console.log(JSON.stringify({ ...told, plan: outcome.plan, violations: outcome.violations }));
  } else {
    console.log(outcome.world.timeline({ colour: process.stdout.hasColors?.() === true }));
    console.log(outcome.violations.length === 0 ? '\nNo promise is broken.' : `\n${outcome.violations.join('\n')}`);
  }
  return outcome.violations.length === 0 ? 0 : 1;
}

/** How many failures are told in full: the first one is what somebody works on. */
const MOST_TOLD = 3;

async function runCampaign({ kinds, scenario, threads, json, ...budget }: CommandLine & Budget): Promise<number> {
  const scenarios = scenario === undefined ? allScenarios() : [scenario];
  const all = tasks(kinds, scenarios, { ...budget, storms: scenario === undefined ? budget.storms : 0 });
  const score = new Score();
  const startMs = performance.now();
  let ended = 0;
  const bar = progress({ isQuiet: json });
  await work(all, threads, (task, tally) => {
    score.add(task, tally);
    ended += 1;
    const { schedules, violations } = score.total;
    bar(`${Math.floor((100 * ended) / all.length)} %  ${schedules} schedules, ${violations} violations`);
  });
  bar('');
  const seconds = (performance.now() - startMs) / 1000;
  if (json) {
    console.log(JSON.stringify({ ...score.toJSON(), seconds }));
  } else {
    console.log(score.table());
    const { schedules, faults, violations } = score.total;
    const rate = Math.round((schedules / seconds) * 60).toLocaleString('en');
    console.log(
      `\n${schedules} schedules with ${faults} faults in ${seconds.toFixed(0)} s on ${threads} threads: ${rate} a minute`,
    );
    console.log(
      violations === 0 ? 'No promise is broken.' : styleText('red', `${violations} schedules break a promise.`),
    );
    for (const failure of score.failures.slice(0, MOST_TOLD)) await tell(failure);
  }
  return score.failures.length === 0 ? 0 : 1;
}

async function tell(failure: Failure): Promise<void> {
  const shortest = await shrink(failure);
  console.log(`\n${await story(shortest, { colour: process.stdout.hasColors?.() === true })}`);
}

async function main(): Promise<number> {
  const commandLine = readCommandLine();
  if (commandLine.help) {
    console.log(HELP);
    return 0;
  }
  if (commandLine.list) {
    for (const name of allScenarios()) console.log(`${name.padEnd(30)}${scenarioOf(name).story}`);
    return 0;
  }
  return isOne(commandLine) ? await runOne(commandLine) : await runCampaign(commandLine);
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BadCommandLine)) throw error;
  console.error(`${error.message}\n(--help tells what can be said)`);
  process.exitCode = 2;
}
