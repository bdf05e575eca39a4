import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { LocalAwsError } from '../local-aws-error.ts';
import type { Report, Step } from '../report.ts';
import { exclusively } from './lock.ts';

/** A thing that is installed once into a folder of its own, whose name says which version it is. */
export interface Installation {
  readonly title: string;
  readonly folder: string;
  /** Fills the folder, which is empty. */
  install(folder: string, step: Step): Promise<void>;
}

const COMPLETE = '.complete';

/** Installs what is not there yet; what an interrupted installation left behind is thrown away first. */
export async function ensureInstalled({ title, folder, install }: Installation, report: Report): Promise<string> {
  if (existsSync(path.join(folder, COMPLETE))) return folder;
  const step = report.step(title);
  try {
    await exclusively(
      `${folder}.lock`,
      () => step.progress('another is installing it'),
      async () => {
        if (existsSync(path.join(folder, COMPLETE))) return;
        if (existsSync(folder)) {
          // Renamed first, as what is half deleted must not be taken for what is half installed.
          await rename(folder, `${folder}.discarded`);
          await rm(`${folder}.discarded`, { recursive: true });
        }
        await mkdir(folder, { recursive: true });
        await install(folder, step);
        await writeFile(path.join(folder, COMPLETE), '');
      },
    );
  } catch (error) {
    step.failed();
    throw error;
  }
  step.done();
  return folder;
}

/** A short name for exactly these contents. */
export function digest(...contents: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(content).update('\0');
  return hash.digest('hex').slice(0, 12);
}

/**
 * Runs an installer, its words in a log file and its latest line as the step's progress.
 *
 * @throws LocalAwsError with the installer's last words, when it fails
 */
export async function runInstaller(
  program: string,
  args: readonly string[],
  options: { logFile: string; step: Step; signal: AbortSignal; environment?: NodeJS.ProcessEnv },
): Promise<void> {
  const log = createWriteStream(options.logFile, { flags: 'a' });
  const lastLines: string[] = [];
  const hear = (line: string) => {
    log.write(`${line}\n`);
    if (line.trim() === '') return;
    options.step.progress(line.trim());
    lastLines.push(line.trim());
    if (lastLines.length > 5) lastLines.shift();
  };
  const child = spawn(program, args, {
    cwd: path.dirname(options.logFile),
    env: options.environment ?? process.env,
    signal: options.signal,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  createInterface({ input: child.stdout }).on('line', hear);
  createInterface({ input: child.stderr }).on('line', hear);
  const how = await new Promise<string | undefined>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? undefined : `ended with ${signal ?? code}`));
  });
  log.end();
  if (how === undefined) return;
  throw new LocalAwsError(
    `${[path.basename(program), ...args.slice(0, 2)].join(' ')}: ${how}.\n${lastLines.join('\n')}`,
    {
      remedies: [`All it said is in ${options.logFile}.`],
    },
  );
}
