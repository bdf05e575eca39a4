import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { LocalAwsError } from '../local-aws-error.ts';

/**
 * The mark of our processes: an environment variable that every child inherits, whose value is the run's folder.
 *
 * A process id alone may have been given to another process by now, and a child that outlives LocalStack is no longer
 * its child; a mark in the environment stays, and no process of anybody else has it.
 */
export const OWNER_MARK = 'FACTBUS_LOCAL_RUN';

/** Starts a program that outlives us, in a session of its own, and gives its id. */
export function startDetached(
  program: string,
  args: readonly string[],
  options: { owner: string; environment: NodeJS.ProcessEnv; folder: string; logFile: string },
): Promise<number> {
  const log = openSync(options.logFile, 'w');
  const child = spawn(program, args, {
    cwd: options.folder,
    detached: true,
    env: { ...options.environment, [OWNER_MARK]: options.owner },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  child.unref();
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid as number));
  });
}

/** The ids of all living processes that bear an owner's mark. */
export async function processesOf(owner: string): Promise<number[]> {
  return process.platform === 'linux' ? markedInProc(owner) : markedInPs(owner);
}

function markedInProc(owner: string): number[] {
  const mark = Buffer.from(`\0${OWNER_MARK}=${owner}\0`);
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return Buffer.concat([Buffer.of(0), readFileSync(`/proc/${pid}/environ`)]).includes(mark);
      } catch {
        return false; // ended meanwhile, or somebody else's
      }
    })
    .map(Number);
}

function markedInPs(owner: string): Promise<number[]> {
  return new Promise((resolve, reject) => {
    execFile('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], { maxBuffer: 64 << 20 }, (error, stdout) => {
      if (error) return reject(new Error('ps does not list the processes', { cause: error }));
      const marked = stdout.split('\n').filter((line) => `${line} `.includes(` ${OWNER_MARK}=${owner} `));
      resolve(marked.map((line) => Number.parseInt(line, 10)));
    });
  });
}

/** How long LocalStack may take to end by itself. It would take many seconds to say goodbye to nobody: no state is kept. */
const LEADER_LIMIT_MS = 2_000;
const REST_LIMIT_MS = 2_000;
const POLL_MS = 50;

/**
 * Ends every process that bears an owner's mark: asks, waits, and ends by force what has stayed.
 *
 * @param leader LocalStack itself, which is ended first, as it starts some of the others anew when they end
 * @returns how many processes there were
 */
export async function endProcessesOf(owner: string, leader?: number): Promise<number> {
  const atFirst = await processesOf(owner);
  if (leader !== undefined && atFirst.includes(leader)) {
    signalGroup(leader, 'SIGTERM');
    if (!(await until(() => hasEnded(leader), LEADER_LIMIT_MS))) signalGroup(leader, 'SIGKILL');
  }
  const seen = new Set(atFirst);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    for (const pid of await processesOf(owner)) {
      seen.add(pid);
      signalGroup(pid, signal);
    }
    if (await until(() => [...seen].every(hasEnded), REST_LIMIT_MS)) return seen.size;
  }
  throw new LocalAwsError(`These processes do not end: ${[...seen].filter((pid) => !hasEnded(pid)).join(', ')}.`);
}

/**
 * Whether a process has ended altogether, and so let go of its ports. One that is about to has no environment any more,
 * and no mark, but may still have its ports.
 */
function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return false;
    // One that waits for its parent to take notice is there, but none of its threads is.
    return readdirSync(`/proc/${pid}/task`).every((thread) =>
      /\) [ZX] /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1')),
    );
  } catch {
    return true;
  }
}

async function until(condition: () => boolean, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() > deadline) return false;
    await pause(POLL_MS);
  }
  return true;
}

/** Signals the group that a process leads, or the process alone where it leads none. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // no such group or process: it leads none, or it ended meanwhile
    }
  }
}
