import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FileJournal } from '../../../operations/dead-letters/file-journal.ts';
import { OperatorError } from '../../../operations/failure.ts';
import { ManualClock } from '../../manual-clock.ts';

let folder: string;
let file: string;
const clock = new ManualClock();

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'factbus-journal-'));
  file = path.join(folder, 'deep', 'orders.jsonl');
});
afterEach(async () => {
  // A killed process would have had its files closed.
  await Promise.all(killed.splice(0).map((journal) => journal.close()));
  rmSync(folder, { recursive: true, force: true });
});

const killed: FileJournal[] = [];

async function opened(at: ManualClock = clock): Promise<FileJournal> {
  return await FileJournal.open(file, at);
}

/** What a process leaves that is killed: its lines, and the lock of a process that is gone. */
function kill(journal: FileJournal): void {
  killed.push(journal);
  writeFileSync(`${file}.lock`, '999999999');
}

it('knows after a kill what was sent, what may have been, and what is done with', async () => {
  const journal = await opened();
  await journal.write('sending', ['a', 'b', 'c', 'd']);
  await Promise.all([journal.write('sent', ['a', 'b']), journal.write('unsent', ['d'])]);
  await journal.write('removed', ['a']);
  kill(journal);

  const next = await opened();

  expect([...next.unfinished]).toEqual([
    ['b', 'sent'],
    ['c', 'uncertain'],
  ]);
  await next.close();
});

it('has a line on the disk before it says so', async () => {
  const journal = await opened();
  await journal.write('sending', ['a']);
  expect(readFileSync(file, 'utf8')).toContain('"step":"sending","ids":["a"]');
  await journal.close();
});

it('does not take a line that was cut off for a step', async () => {
  const journal = await opened();
  await journal.write('sending', ['a']);
  appendFileSync(file, '{"atMs":1,"step":"sent","ids":["a"');
  kill(journal);

  const next = await opened();
  expect([...next.unfinished]).toEqual([['a', 'uncertain']]);
  await next.write('sent', ['a']);
  kill(next);
  const last = await opened();
  expect([...last.unfinished]).toEqual([['a', 'sent']]);
  await last.close();
});

it('is gone when nothing is left open, and kept when something is', async () => {
  const done = await opened();
  await done.write('sending', ['a']);
  await done.write('sent', ['a']);
  await done.write('removed', ['a']);
  await done.close();
  expect([existsSync(file), existsSync(`${file}.lock`)]).toEqual([false, false]);

  const open = await opened();
  await open.write('sending', ['b']);
  await open.close();
  expect([existsSync(file), existsSync(`${file}.lock`)]).toEqual([true, false]);
});

it('forgets what no queue can hold any more', async () => {
  const journal = await opened();
  await journal.write('sending', ['old']);
  await journal.close();
  const later = new ManualClock();
  later.advance(15 * 86_400_000);

  const next = await opened(later);

  expect(next.unfinished.size).toBe(0);
  await next.close();
});

it('belongs to one command at a time', async () => {
  const journal = await opened();
  await expect(opened()).rejects.toThrow(OperatorError);
  await journal.close();
  await (await opened()).close();
});

it('tells until when a killed command hides what it held, and nothing when it ended in order', async () => {
  const journal = await opened();
  const untilMs = clock.now() + 30_000;
  journal.hold(untilMs);
  await journal.write('sending', ['a']);
  kill(journal);
  const next = await opened();
  expect(next.heldUntilMs).toBeGreaterThanOrEqual(untilMs);
  expect(next.heldUntilMs).toBeLessThanOrEqual(untilMs + 10_000);
  await next.close();

  const last = await opened();
  expect(last.heldUntilMs).toBe(0);
  await last.close();
});
