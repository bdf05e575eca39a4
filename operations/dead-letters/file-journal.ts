import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../../functions/backbone/clock.ts';
import { OperatorError } from '../failure.ts';
import { type Journal, type Line, type Step, type Unfinished, unfinishedOf } from './journal.ts';

/** No dead-letter queue keeps a message for longer: what is older concerns nothing that is still there. */
const OLDEST_MS = 14 * 86_400_000;

/** Noted so much further, so that not every call leaves a line. */
const NOTED_AHEAD_MS = 5_000;

/** Until when a run hides letters from everybody else. */
interface Hold {
  readonly heldUntilMs: number;
}

/**
 * The journal of one dead-letter queue in a file of one JSON line a step, each on the disk before the next is taken. Only
 * one command has it at a time. It is gone when nothing is left open.
 */
export class FileJournal implements Journal {
  readonly unfinished: ReadonlyMap<string, Unfinished>;
  /** Until when an earlier run that was killed hides letters from us. */
  readonly heldUntilMs: number;
  readonly #file: string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #open: Map<string, Unfinished>;
  readonly #handle: FileHandle;
  #notedMs = 0;
  #waiting = '';
  /** The last write that was begun or will be, and the one that has not been begun. */
  #last: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(file: string, handle: FileHandle, left: Contents, clock: Pick<Clock, 'now'>) {
    this.#file = file;
    this.#handle = handle;
    this.#clock = clock;
    this.unfinished = unfinishedOf(left.lines);
    this.heldUntilMs = left.heldUntilMs;
    this.#open = new Map(this.unfinished);
  }

  /**
   * @param file where it lies; folders are made
   * @param clock what the lines are dated by
   * @throws OperatorError when another command on this machine is at work with it
   */
  static async open(file: string, clock: Pick<Clock, 'now'>): Promise<FileJournal> {
    mkdirSync(path.dirname(file), { recursive: true });
    lock(lockOf(file));
    try {
      const left = read(file, clock.now() - OLDEST_MS);
      const handle = await compacted(file, left);
      return new FileJournal(file, handle, left, clock);
    } catch (error) {
      rmSync(lockOf(file), { force: true });
      throw error;
    }
  }

  async write(step: Step, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const line: Line = { atMs: this.#clock.now(), step, ids };
    for (const id of ids) this.#open.delete(id);
    for (const [id, state] of unfinishedOf([line])) this.#open.set(id, state);
    await this.#append(line);
  }

  /** Notes until when letters are hidden, for whoever goes on after a run that was killed. */
  hold(heldUntilMs: number): void {
    if (heldUntilMs <= this.#notedMs) return;
    this.#notedMs = heldUntilMs + NOTED_AHEAD_MS;
    // When it fails, so does the next step's line, which is waited for.
    this.#append({ heldUntilMs: this.#notedMs }).catch(() => {});
  }

  /** Ends the run. All that it held must have been given back. */
  async close(): Promise<void> {
    await this.#append({ heldUntilMs: 0 });
    await this.#handle.close();
    if (this.#open.size === 0) rmSync(this.#file, { force: true });
    rmSync(lockOf(this.#file), { force: true });
  }

  /** Lines that come while others are on their way to the disk go together. */
  #append(line: Line | Hold): Promise<void> {
    this.#waiting += `${JSON.stringify(line)}\n`;
    this.#next ??= this.#last = this.#last.then(async () => {
      const lines = this.#waiting;
      this.#waiting = '';
      this.#next = undefined;
      await this.#handle.appendFile(lines);
      await this.#handle.datasync();
    });
    return this.#next;
  }
}

interface Contents {
  readonly lines: readonly Line[];
  readonly heldUntilMs: number;
}

function read(file: string, sinceMs: number): Contents {
  const lines: Line[] = [];
  let heldUntilMs = 0;
  for (const text of textOf(file).split('\n')) {
    const line = parse(text);
    if (line === undefined) continue;
    if ('heldUntilMs' in line) heldUntilMs = line.heldUntilMs === 0 ? 0 : Math.max(heldUntilMs, line.heldUntilMs);
    else if (line.atMs >= sinceMs) lines.push(line);
  }
  return { lines, heldUntilMs };
}

/** A line that was cut off was not on the disk, so that what it announces was not begun. */
function parse(text: string): Line | Hold | undefined {
  try {
    // Written by this class, whose every line has one of these shapes.
    return text === '' ? undefined : (JSON.parse(text) as Line | Hold);
  } catch {
    return undefined;
  }
}

/** Begins the file anew with what is left open, in one step, so that it does not grow over the runs. */
async function compacted(file: string, { lines, heldUntilMs }: Contents): Promise<FileHandle> {
  const open_ = unfinishedOf(lines);
  const since = new Map(lines.flatMap(({ ids, atMs }) => ids.map((id) => [id, atMs] as const)));
  const kept = [...open_].map(([id, state]): Line => {
    return { atMs: since.get(id) ?? 0, step: state === 'sent' ? 'sent' : 'sending', ids: [id] };
  });
  const hold: readonly Hold[] = heldUntilMs > 0 ? [{ heldUntilMs }] : [];
  const fresh = await open(`${file}.new`, 'w');
  await fresh.appendFile([...hold, ...kept].map((line) => `${JSON.stringify(line)}\n`).join(''));
  await fresh.datasync();
  await fresh.close();
  await rename(`${file}.new`, file);
  return await open(file, 'a');
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  }
}

function lockOf(file: string): string {
  return `${file}.lock`;
}

/** Of this machine's processes only one works with a journal; the lock of one that is gone is taken over. */
function lock(file: string): void {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
    const owner = Number(textOf(file));
    if (isAlive(owner)) {
      throw new OperatorError(`Another command is at work with this queue: process ${owner}.`, {
        remedies: ['Wait until it has ended, or end it with Ctrl-C; then run this again.'],
        cause: error,
      });
    }
    rmSync(file, { force: true });
    lock(file);
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return isCode(error, 'EPERM');
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
