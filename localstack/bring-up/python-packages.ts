import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { repositoryFolder } from '../settings.ts';
import { digest, ensureInstalled, runInstaller } from './installation.ts';
import { findProgram } from './programs.ts';
import { findPython } from './python.ts';
import type { Work } from './work.ts';

/** Installs the packages that the lock file names; a uv of the user's own is used, where there is one. */
const UV_VERSION = '0.13.8';

const lockFile = path.join(repositoryFolder, 'localstack', 'requirements.lock');
const executorFolder = path.join(repositoryFolder, 'localstack', 'executor');

export interface PythonInstallation {
  /** Python with LocalStack's packages. */
  readonly python: string;
  /** The folder with the Lambda executor, to be put on PYTHONPATH. */
  readonly executor: string;
}

/** LocalStack and its packages as locked, and the Lambda executor beside them. */
export async function installPythonPackages(work: Work): Promise<PythonInstallation> {
  const { settings, report, signal } = work;
  const packages = settings.packagesFolder;
  const uv = lazily(() => findOrInstallUv(work));

  const environment = await ensureInstalled(
    {
      title: 'Python packages',
      folder: path.join(packages, `python-${digest(readFileSync(lockFile))}`),
      async install(folder, step) {
        const logFile = path.join(packages, 'python-packages.log');
        const python = await findPython(settings);
        const program = await uv();
        await runInstaller(program, ['venv', '--quiet', '--allow-existing', '--python', python, folder], {
          logFile,
          step,
          signal,
        });
        await runInstaller(
          program,
          ['pip', 'install', '--python', folder, '--require-hashes', '--requirement', lockFile],
          { logFile, step, signal },
        );
      },
    },
    report,
  );

  const executor = await ensureInstalled(
    {
      title: 'Lambda executor',
      folder: path.join(packages, `executor-${await executorDigest()}`),
      async install(folder, step) {
        const logFile = path.join(packages, 'executor.log');
        const python = pythonOf(environment);
        await runInstaller(
          await uv(),
          ['pip', 'install', '--no-deps', '--python', python, '--target', folder, executorFolder],
          { logFile, step, signal },
        );
      },
    },
    report,
  );

  return { python: pythonOf(environment), executor };
}

function pythonOf(environment: string): string {
  return path.join(environment, 'bin', 'python');
}

async function executorDigest(): Promise<string> {
  const entries = await readdir(executorFolder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const contents = await Promise.all(
    files.map(async (file) => [path.relative(executorFolder, file), await readFile(file)]),
  );
  return digest(...contents.flat());
}

async function findOrInstallUv({ settings, report, signal }: Work): Promise<string> {
  const own = findProgram('uv');
  if (own !== undefined) return own;
  const folder = await ensureInstalled(
    {
      title: 'uv',
      folder: path.join(settings.packagesFolder, `uv-${UV_VERSION}`),
      async install(folder, step) {
        const logFile = path.join(settings.packagesFolder, 'uv.log');
        const python = await findPython(settings);
        const args = ['-m', 'pip', 'install', '--no-deps', '--no-compile', '--target', folder, `uv==${UV_VERSION}`];
        await runInstaller(python, args, { logFile, step, signal });
      },
    },
    report,
  );
  return path.join(folder, 'bin', 'uv');
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
