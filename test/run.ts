import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/**
 * `npm test`: everything that shows whether the project is well, stage by stage with the time of each, so that the next
 * slow one is seen. The last line is the sum, `N passed, N failed`.
 */

const ROOT = path.dirname(import.meta.dirname);
const REPORTS = path.join(ROOT, '.local', 'test');

interface Sum {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

interface Stage {
  readonly name: string;
  readonly run: () => Promise<Sum>;
}

async function runs(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'] });
  const [code] = await once(child, 'close');
  return code === 0;
}

/** A command that passes or fails as one. */
async function check(args: readonly string[]): Promise<Sum> {
  const isWell = await runs('npm', ['run', '--silent', ...args]);
  return { passed: isWell ? 1 : 0, failed: isWell ? 0 : 1, skipped: 0 };
}

/** Projects of vitest; each test counts. */
async function vitest(...projects: readonly string[]): Promise<Sum> {
  const report = path.join(REPORTS, `${projects.join('-')}.json`);
  rmSync(report, { force: true });
  const chosen = projects.flatMap((project) => ['--project', project]);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const isWell = await runs('vitest', ['run', ...chosen, ...reporters]);
  const sum = readReport(report);
  // A run can fail beside its tests: in its set-up, or by an error that nobody caught.
  return isWell || sum.failed > 0 ? sum : { ...sum, failed: 1 };
}

function readReport(file: string): Sum {
  try {
    const report: Readonly<Record<string, unknown>> = JSON.parse(readFileSync(file, 'utf8'));
    const count = (name: string) => Number(report[name] ?? 0);
    const skipped = count('numPendingTests') + count('numTodoTests');
    return { passed: count('numPassedTests'), failed: count('numFailedTests'), skipped };
  } catch (error) {
    console.error(`There is no report of the tests in ${file}: ${error}`);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

const stages: readonly Stage[] = [
  { name: 'types', run: () => check(['check:types']) },
  { name: 'lint and format', run: () => check(['check:style']) },
  { name: 'unit', run: () => vitest('unit') },
  { name: 'faults', run: () => vitest('faults') },
  { name: 'stack', run: () => vitest('stack') },
  { name: 'local', run: () => vitest('local') },
];

mkdirSync(REPORTS, { recursive: true });
const lines: string[] = [];
let total: Sum = { passed: 0, failed: 0, skipped: 0 };
for (const { name, run } of stages) {
  const startedAt = performance.now();
  const sum = await run();
  const seconds = `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
  const mark = sum.failed === 0 ? '✔' : '✖';
  lines.push(`${mark} ${name.padEnd(16)} ${seconds.padStart(8)}   ${describe(sum)}`);
  total = {
    passed: total.passed + sum.passed,
    failed: total.failed + sum.failed,
    skipped: total.skipped + sum.skipped,
  };
}
process.stdout.write(`\n${lines.join('\n')}\n\n${describe(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;

function describe({ passed, failed, skipped }: Sum): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
