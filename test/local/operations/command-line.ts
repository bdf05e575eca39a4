import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const PROGRAM = path.join(import.meta.dirname, '../../../bin/factbus.ts');

/** What a command put out, and how it ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** Standard error so far. */
  readonly said: () => string;
  kill(signal: NodeJS.Signals): void;
}

export interface CommandOptions {
  readonly stage: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** @default nothing */
  readonly stdin?: string;
}

/** Starts `npx factbus …` as a script would: without a terminal. */
export function start(words: readonly string[], { stage, environment = {}, stdin = '' }: CommandOptions): Running {
  const env = { ...process.env, FACTBUS_STAGE: stage, ...environment };
  const child = spawn(process.execPath, [PROGRAM, ...words], { env, stdio: 'pipe' });
  child.stdin.end(stdin);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const ended = async (): Promise<Ended> => {
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
    return { code, stdout, stderr: said };
  };
  return { ended: ended(), said: () => said, kill: (signal) => child.kill(signal) };
}

/** Runs a command to its end. */
export async function factbus(words: readonly string[], options: CommandOptions): Promise<Ended> {
  return await start(words, options).ended;
}

/** What a command put out as JSON; what it said is part of the failure when there is none. */
export function jsonOf({ code, stdout, stderr }: Ended) {
  try {
    return JSON.parse(stdout);
  } catch (cause) {
    throw new Error(`no JSON, but exit code ${code}, "${stdout}" and: ${stderr}`, { cause });
  }
}
