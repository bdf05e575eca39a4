import { readdirSync, readFileSync } from 'node:fs';

/**
 * The processes in which the functions of one stage run, on the local AWS in host mode and on Linux: each bears its
 * function's name in its environment.
 */
export function functionProcesses(busName: string): readonly number[] {
  const mark = `AWS_LAMBDA_FUNCTION_NAME=${busName}-`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => environmentOf(pid).some((variable) => variable.startsWith(mark)))
    .map(Number);
}

function environmentOf(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // Ended since the folder was read, or somebody else's.
    return [];
  }
}

/** Ends a process at once, whatever it is at; answers whether it was still there. */
export function kill(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}
