import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { LocalAwsError } from '../local-aws-error.ts';
import { repositoryFolder } from '../settings.ts';

/** How much of a failed command's output is shown: the end says what went wrong. */
const SHOWN_LINES = 30;

export interface CdkRun {
  /** The command line after `cdk`. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** @default the repository, where cdk.json names the app */
  readonly folder?: string;
  /** Ends the command before it is done. */
  readonly signal?: AbortSignal;
  /** Told each line of output as it comes. */
  readonly progress?: (line: string) => void;
}

/**
 * Runs the project's own CDK command line.
 *
 * @returns what it printed
 * @throws LocalAwsError with the end of what it printed, when it fails
 */
export async function cdk({ args, environment, folder = repositoryFolder, signal, progress }: CdkRun): Promise<string> {
  const child = spawn(process.execPath, [path.join(repositoryFolder, 'node_modules/aws-cdk/bin/cdk'), ...args], {
    cwd: folder,
    env: { ...process.env, ...environment, CI: 'true', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal && { signal }),
  });
  let output = '';
  const take = (chunk: Buffer) => {
    output += chunk.toString();
    const line = output.trimEnd().split('\n').at(-1);
    if (line !== undefined) progress?.(line.trim());
  };
  child.stdout.on('data', take);
  child.stderr.on('data', take);
  const [code] = await once(child, 'close');
  if (code === 0) return output;
  const end = output.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n');
  throw new LocalAwsError(`cdk ${args.join(' ')} failed:\n${end}`);
}

/** The outputs of a stack, from the file that `cdk deploy --outputs-file` writes. */
export function readOutputs(file: string, stack: string): Readonly<Record<string, string>> {
  const outputs: unknown = JSON.parse(readFileSync(file, 'utf8'));
  const own =
    typeof outputs === 'object' && outputs !== null
      ? Object.entries(outputs).find(([name]) => name === stack)
      : undefined;
  if (own === undefined) throw new LocalAwsError(`${file} holds no outputs of the stack ${stack}`);
  return Object.fromEntries(Object.entries(own[1] as object).map(([name, value]) => [name, String(value)]));
}
