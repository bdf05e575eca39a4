import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

const LOCK = join(import.meta.dirname, 'cfn-lint.requirements.txt');
const HOME = join(import.meta.dirname, '../../.local/cfn-lint');

/** What is not worth a change, and why. */
const IGNORED = [
  // CDK lets a function wait for its role and the role's policies; the role alone would follow from the reference.
  'W3005',
];

/** The package's command; it does not run as a module. */
const CFN_LINT = 'import sys, cfnlint.runner; sys.exit(cfnlint.runner.main())';

/** A program and its first arguments. */
type Command = readonly [program: string, ...args: string[]];

/** What cfn-lint finds in templates; nothing when they are fine. */
export function lint(...templates: readonly string[]): string {
  const python = findPython();
  const { stdout, stderr } = run([...python, '-c', CFN_LINT, '--ignore-checks', ...IGNORED, '--', ...templates], {
    PYTHONPATH: installed(python),
  });
  return `${stdout}${stderr}`.trim();
}

/** The folder that cfn-lint is installed in, of the versions that the lock names. */
function installed(python: Command): string {
  const digest = createHash('sha256').update(readFileSync(LOCK)).digest('hex').slice(0, 16);
  const version = run([...python, '-c', 'import sys; print("%d.%d" % sys.version_info[:2])']).stdout.trim();
  const folder = join(HOME, `${digest}-python${version}`);
  if (existsSync(folder)) return folder;

  mkdirSync(HOME, { recursive: true });
  // Under another name until it is complete, so that half an installation is never taken for a whole one.
  const unfinished = `${folder}.${process.pid}`;
  const pip: Command = python[0] === 'uv' ? ['uv', 'pip'] : [...python, '-m', 'pip', '--disable-pip-version-check'];
  const { status, stderr } = run([
    ...pip,
    'install',
    '--quiet',
    '--require-hashes',
    '--target',
    unfinished,
    '-r',
    LOCK,
  ]);
  if (status !== 0) {
    rmSync(unfinished, { recursive: true, force: true });
    throw new Error(`cfn-lint could not be installed with \`${pip.join(' ')}\`:\n${stderr}`);
  }
  renameSync(unfinished, folder);
  return folder;
}

/** How to start a Python that cfn-lint runs on. */
function findPython(): Command {
  const candidates: readonly Command[] = [['uv', 'run', '--no-project', '--quiet', 'python'], ['python3'], ['python']];
  const found = candidates.find(
    (python) => run([...python, '-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0,
  );
  if (found === undefined) {
    throw new Error(
      'cfn-lint needs Python 3.10 or later on PATH, as `python3`, or uv, and neither is there: install one',
    );
  }
  return found;
}

function run([program, ...args]: Command, environment: Readonly<Record<string, string>> = {}) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  });
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' };
}
