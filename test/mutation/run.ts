import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { contradictions, pageOf, tableOf } from './page.ts';
import { readScores } from './report.ts';
import { SUBJECTS, type Subject } from './subjects.ts';
import { SURVIVORS } from './survivors.ts';

/**
 * Changes the code in small ways, one at a time, and sees whether a test notices; see docs/mutation-testing.md, which a
 * forced run of all subjects writes.
 *
 *     npm run test:mutation                          everything that has changed since the last time
 *     npm run test:mutation -- orders shipping       these subjects only
 *     npm run test:mutation -- --force               everything anew
 *     npm run test:mutation -- --concurrency 1       beside other work
 */

const HERE = import.meta.dirname;
const ROOT = path.dirname(path.dirname(HERE));
const STRYKER = path.join(HERE, 'node_modules/@stryker-mutator/core/bin/stryker.js');
const PAGE = path.join(ROOT, 'docs/mutation-testing.md');

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { force: { type: 'boolean', default: false }, concurrency: { type: 'string' } },
});

const chosen = positionals.length === 0 ? SUBJECTS : positionals.map(subjectOf);
if (!existsSync(STRYKER)) run(HERE, 'npm', 'ci', '--silent');
for (const subject of chosen) mutate(subject);
const scores = chosen.flatMap((subject) => readScores(path.join(ROOT, folderOf(subject), 'report.json')));
console.log(`\n${tableOf(scores)}\n`);
if (options.force && chosen === SUBJECTS) writeFileSync(PAGE, pageOf(scores, SURVIVORS, machine()));
const wrong = contradictions(scores, SURVIVORS);
for (const line of wrong) console.error(line);
process.exitCode = wrong.length === 0 ? 0 : 1;

function subjectOf(name: string): Subject {
  const subject = SUBJECTS.find((known) => known.name === name);
  if (subject !== undefined) return subject;
  throw new Error(`there is no subject ${name}, but ${SUBJECTS.map((known) => known.name).join(', ')}`);
}

/** Where a subject's reports are, and what Stryker leaves for its next run. */
function folderOf({ name }: Subject): string {
  return path.join('.local', 'mutation', name);
}

function mutate(subject: Subject): void {
  const folder = folderOf(subject);
  const config = path.join(folder, 'stryker.config.json');
  const common: Readonly<Record<string, unknown>> = JSON.parse(
    readFileSync(path.join(HERE, 'stryker.config.json'), 'utf8'),
  );
  const own = {
    mutate: subject.mutate,
    vitest: {
      configFile: path.join(path.relative(ROOT, HERE), 'vitest.config.ts'),
      related: false,
      dir: subject.tests,
    },
    tempDirName: path.join(folder, 'sandbox'),
    incrementalFile: path.join(folder, 'incremental.json'),
    jsonReporter: { fileName: path.join(folder, 'report.json') },
    htmlReporter: { fileName: path.join(folder, 'report.html') },
  };
  mkdirSync(path.join(ROOT, folder), { recursive: true });
  writeFileSync(path.join(ROOT, config), JSON.stringify({ ...common, ...own }, undefined, 2));
  const force = options.force ? ['--force'] : [];
  const concurrency = options.concurrency === undefined ? [] : ['--concurrency', options.concurrency];
  run(ROOT, process.execPath, STRYKER, 'run', config, ...force, ...concurrency);
}

function run(cwd: string, command: string, ...args: readonly string[]): void {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`, { cause: error });
}

function machine(): string {
  const cpus = os.cpus();
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GB of memory`;
  return `${cpus.length} cores (${cpus[0]?.model.trim()}), ${memory}, ${os.type()}, Node ${process.version}`;
}
