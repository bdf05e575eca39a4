import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';

/**
 * What a newcomer waits for: a fresh clone with nothing installed and an empty npm cache, up to the first shipped order;
 * the second start; the tests. The figures of the README come from here.
 *
 *     npm run bench               the two starts
 *     npm run bench -- --tests    and npm test
 */

const PORT = '4666';

interface Figure {
  readonly what: string;
  readonly seconds: number;
  /** In seconds; a part of another figure has none of its own. */
  readonly limit?: number;
}

const { values } = parseArgs({ options: { tests: { type: 'boolean', default: false } } });
const folder = mkdtempSync(path.join(os.tmpdir(), 'factbus-bench-'));
const clone = path.join(folder, 'factbus');
const environment = {
  ...process.env,
  npm_config_cache: path.join(folder, 'npm-cache'),
  // A local AWS of its own, so that nothing is found that was there before.
  FACTBUS_LOCAL_PORT: PORT,
  AWS_ENDPOINT_URL: '',
};

/** Runs a command in the clone and answers how long it took. */
function seconds(command: string, ...args: readonly string[]): number {
  const startedAt = performance.now();
  const { status } = spawnSync(command, args, { cwd: clone, env: environment, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
  return (performance.now() - startedAt) / 1000;
}

try {
  spawnSync('git', ['clone', '--quiet', path.dirname(import.meta.dirname), clone], { stdio: 'inherit' });
  const install = seconds('npm', 'ci', '--silent');
  const first = seconds('npm', 'start', '--silent');
  const second = seconds('npm', 'start', '--silent');
  seconds('npm', 'run', '--silent', 'local:down');
  const figures: Figure[] = [
    { what: '`npm ci && npm start` in a fresh clone, to the first shipped order', seconds: install + first, limit: 90 },
    { what: 'of it, `npm ci` with an empty cache', seconds: install },
    { what: 'a second `npm start`', seconds: second, limit: 20 },
  ];
  if (values.tests) figures.push({ what: '`npm test`', seconds: seconds('npm', 'test', '--silent'), limit: 300 });

  const [cpu] = os.cpus();
  const memory = `${Math.round(os.totalmem() / 2 ** 30)} GB of memory`;
  console.log(`\n${os.cpus().length} cores (${cpu?.model.trim()}), ${memory}, ${os.type()}, Node ${process.version}\n`);
  console.log('| what | time | limit |\n|---|---:|---:|');
  for (const { what, seconds, limit } of figures) {
    console.log(`| ${what} | ${seconds.toFixed(0)} s | ${limit === undefined ? '' : `${limit} s`} |`);
  }
} finally {
  if (spawnSync('npm', ['run', '--silent', 'local:down'], { cwd: clone, env: environment }).error) {
    console.error(`What was started in ${clone} may still run.`);
  }
  rmSync(folder, { recursive: true, force: true });
}
