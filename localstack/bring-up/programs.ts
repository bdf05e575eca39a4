import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';

/** A program on the PATH. */
export function findProgram(name: string, searchPath = process.env.PATH ?? ''): string | undefined {
  return searchPath
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => path.join(folder, name))
    .find(isProgram);
}

export function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What a program says, on both outputs together, or undefined when it cannot be run, fails or takes too long. */
export function answerOf(program: string, args: readonly string[], limitMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, [...args], { timeout: limitMs, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      resolve(error ? undefined : `${stdout}${stderr}`.trim());
    });
  });
}
