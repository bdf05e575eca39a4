import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Settings } from '../settings.ts';

/** What `local:up` started, remembered for `local:down`. */
export type RunState =
  | { readonly mode: 'host'; readonly endpoint: string; readonly startedAt: string; readonly pid: number }
  | { readonly mode: 'docker'; readonly endpoint: string; readonly startedAt: string; readonly container: string };

/** The folder of one run; it also is the mark that its processes bear. */
export function runFolder(settings: Settings): string {
  return path.join(settings.folder, 'run');
}

/** LocalStack's own log, in host mode. */
export function localStackLog(settings: Settings): string {
  return path.join(runFolder(settings), 'localstack.log');
}

const stateFile = (settings: Settings) => path.join(runFolder(settings), 'state.json');

/** @returns undefined where there is none, or none that can be read: then there is nothing to be remembered */
export function readState(settings: Settings): RunState | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(stateFile(settings), 'utf8'));
    return isRunState(state) ? state : undefined;
  } catch {
    return undefined;
  }
}

export function writeState(settings: Settings, state: RunState): void {
  mkdirSync(runFolder(settings), { recursive: true });
  writeFileSync(stateFile(settings), `${JSON.stringify(state, undefined, 2)}\n`);
}

export function forgetState(settings: Settings): void {
  rmSync(stateFile(settings), { force: true });
}

function isRunState(value: unknown): value is RunState {
  if (typeof value !== 'object' || value === null || !('mode' in value)) return false;
  if (!('endpoint' in value && typeof value.endpoint === 'string')) return false;
  if (!('startedAt' in value && typeof value.startedAt === 'string')) return false;
  if (value.mode === 'host') return 'pid' in value && Number.isInteger(value.pid);
  return value.mode === 'docker' && 'container' in value && typeof value.container === 'string';
}
