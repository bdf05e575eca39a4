import { availableParallelism, constants } from 'node:os';
import { parseArgs, styleText } from 'node:util';
import { progress } from '../progress.ts';
import type { Finding } from './hunt.ts';
import type { Mutation } from './mutation.ts';
import { MUTATIONS, mutationNamed } from './mutations.ts';
import { writePage } from './page.ts';
import { mutatedFile } from './sandbox.ts';
import { tryOut } from './trial.ts';

/**
 * `npm run test:mutations`: whether the fault campaign finds the mistakes that it is there for.
 * Exit codes: 0 each mutation is found, 1 one survives, 2 the command line does not fit.
 */

const HELP = `The check of the fault campaign: known mistakes are made, one at a time, and each must be found.

  npm run test:mutations                           all of them
  npm run test:mutations -- --only 'fence removed' some, with commas between

Options
  --only <names>   these mutations; --list names them
  --threads <n>    how many at a time; default one for each processor, here ${availableParallelism()}
  --write          writes what found them into docs/fault-campaign.md
  --list           the mutations, and what each breaks
  --json           the result for programs
  --help           this

Exit codes: 0 each mutation is found, 1 one survives, 2 the command line does not fit.`;

const OPTIONS = {
  only: { type: 'string' },
  threads: { type: 'string', default: String(availableParallelism()) },
  write: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

class BadCommandLine extends Error {}

function readCommandLine() {
  try {
    const { values } = parseArgs({ options: OPTIONS });
    if (!/^[1-9]\d*$/.test(values.threads)) throw new Error(`--threads is '${values.threads}': give a whole number`);
    const mutations = values.only?.split(',').map(mutationNamed) ?? MUTATIONS;
    return { ...values, mutations, threads: Number(values.threads) };
  } catch (error) {
    throw new BadCommandLine(error instanceof Error ? error.message : String(error));
  }
}

/** What came of each, in the order of the list; what was found is told as soon as it is. */
async function tryAll(
  mutations: readonly Mutation[],
  threads: number,
  isQuiet: boolean,
): Promise<ReadonlyMap<Mutation, Finding>> {
  const findings = new Map<Mutation, Finding>();
  const underWay = new Map<Mutation, string>();
  const bar = progress({ isQuiet });
  const show = () => {
    const what = [...underWay].map(([{ name }, at]) => `${name}: ${at}`).join(' · ');
    bar(`${findings.size} of ${mutations.length}  ${what}`);
  };
  const waiting = mutations.values();
  const workOff = async () => {
    for (const mutation of waiting) {
      const finding = await tryOut(mutation, (kind, schedules) => {
        underWay.set(mutation, `${kind} ${schedules}`);
        show();
      });
      underWay.delete(mutation);
      findings.set(mutation, finding);
      bar('');
      if (!isQuiet) console.log(lineOf(mutation, finding));
    }
  };
  await Promise.all(Array.from({ length: threads }, workOff));
  return new Map([...findings].sort(([one], [other]) => mutations.indexOf(one) - mutations.indexOf(other)));
}

const NAME_WIDTH = Math.max(...MUTATIONS.map(({ name }) => name.length));

function lineOf({ name }: Mutation, finding: Finding): string {
  const head = name.padEnd(NAME_WIDTH);
  if (finding.kind === 'survived') {
    return styleText('red', `✖ ${head}  survives ${finding.schedules} schedules`);
  }
  const { failure, schedules } = finding;
  return `✔ ${head}  ${failure.kind.padEnd(7)} ${String(schedules).padStart(6)}  '${failure.scenario}': ${failure.violations[0]}`;
}

async function main(): Promise<number> {
  const { help, list, json, write, mutations, threads } = readCommandLine();
  if (help) {
    console.log(HELP);
    return 0;
  }
  if (list) {
    for (const { name, breaks } of mutations) console.log(`${name.padEnd(NAME_WIDTH)}  ${breaks}`);
    return 0;
  }
  // One that no longer applies is better known before an hour has passed.
  for (const mutation of mutations) mutatedFile(mutation);
  const findings = await tryAll(mutations, threads, json);
  const survivors = [...findings].filter(([, { kind }]) => kind === 'survived');
  if (json) {
    console.log(JSON.stringify([...findings].map(([{ name }, finding]) => ({ name, ...finding }))));
  } else {
    console.log(`\n${findings.size - survivors.length} found, ${survivors.length} survived`);
  }
  if (write) writePage(findings);
  return survivors.length === 0 ? 0 : 1;
}

// Whoever is interrupted still ends, and so leaves no copies behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof BadCommandLine)) throw error;
  console.error(`${error.message}\n(--help tells what can be said)`);
  process.exitCode = 2;
}
