import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';

const RETRY_MS = 100;

/**
 * Does one thing at a time, over processes: whoever comes second waits.
 *
 * The lock is an SQLite transaction on `file`. The kernel lets go of it when its holder ends, however it ends,
 * so that no lock is ever left behind and none has to be judged stale.
 *
 * @param waiting called once, when another holds the lock
 */
export async function exclusively<T>(file: string, waiting: () => void, act: () => Promise<T>): Promise<T> {
  await mkdir(path.dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  try {
    for (let attempt = 0; !tryToLock(database); attempt++) {
      if (attempt === 0) waiting();
      await pause(RETRY_MS);
    }
    return await act();
  } finally {
    database.close();
  }
}

const SQLITE_BUSY = 5;

function tryToLock(database: DatabaseSync): boolean {
  try {
    database.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) return false;
    throw error;
  }
}
