import { createHash } from 'node:crypto';
import path from 'node:path';
import { type Catalogue, type DeadLetters, deadLettersOn } from '../catalogue.ts';
import type { Connection } from '../connection.ts';
import { FileJournal } from '../dead-letters/file-journal.ts';
import { type FoundQueue, requireQueue } from '../dead-letters/find-queue.ts';
import { Holdings } from '../dead-letters/holdings.ts';
import { SqsLetterQueue } from '../dead-letters/sqs-letter-queue.ts';
import { wrongUse } from '../failure.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type Session, stateFolder } from './session.ts';

/** A dead-letter queue that is there. */
export type FoundDeadLetters = DeadLetters & { readonly queue: FoundQueue };

/** The names by which the dead-letter queues are called on the command line. */
export function queueNames(catalogue: Catalogue): readonly string[] {
  return deadLettersOn('', catalogue).map(({ name }) => name);
}

/**
 * Finds a dead-letter queue by what it is called on the command line.
 *
 * @throws OperatorError when there is none
 */
export async function findDeadLetters(
  { catalogue }: Session,
  { busName, clients }: Connection,
  name: string,
): Promise<FoundDeadLetters> {
  const known = deadLettersOn(busName, catalogue).find((one) => one.name === name);
  if (known === undefined) {
    throw wrongUse(`There is no dead-letter queue "${name}".`, `There are ${queueNames(catalogue).join(', ')}.`);
  }
  return { ...known, queue: await requireQueue(clients.queues, known.queueName) };
}

/** How long it is waited at a time for an earlier run's holds to end. */
const STEP_MS = 1_000;

/**
 * Works on a dead-letter queue with a journal, so that it can be gone on with wherever it is cut off. Whatever is held is
 * given back at the end.
 */
export async function withJournal<T>(
  session: Session,
  connection: Connection,
  queue: FoundQueue,
  work: (holdings: Holdings, journal: FileJournal) => Promise<T>,
): Promise<T> {
  const { clock, environment } = session;
  const journal = await FileJournal.open(journalFile(environment, connection, queue), clock);
  const holdings = new Holdings(new SqsLetterQueue(connection.clients.queues, queue.url), clock, (untilMs) =>
    journal.hold(untilMs),
  );
  try {
    await waitForHolds(session, journal.heldUntilMs);
    const result = await work(holdings, journal);
    await holdings.giveBack();
    return result;
  } catch (error) {
    // Where that fails too, holds end by themselves; what went wrong first is what matters.
    await Promise.allSettled([holdings.giveBack()]);
    throw error;
  } finally {
    await journal.close();
  }
}

/** The letters that a run which was killed still hides are a part of what is to be gone on with. */
async function waitForHolds({ clock, signal, terminal }: Session, untilMs: number): Promise<void> {
  if (untilMs <= clock.now()) return;
  const seconds = Math.ceil((untilMs - clock.now()) / 1000);
  terminal.say(`An earlier command was cut off, and hides what it held for another ${seconds} s; waiting for that.`);
  while (clock.now() < untilMs && !signal.aborted) await clock.sleep(Math.min(STEP_MS, untilMs - clock.now()));
}

function journalFile(
  environment: NodeJS.ProcessEnv,
  { endpoint = 'aws' }: Connection,
  { name, arn }: FoundQueue,
): string {
  const place = createHash('sha256').update(`${endpoint} ${arn}`).digest('hex').slice(0, 12);
  return path.join(stateFolder(environment), 'dead-letters', `${name}-${place}.jsonl`);
}

/** Asks for agreement while what is held stays held. */
export async function agreeWhileHolding(
  terminal: Terminal,
  holdings: Holdings,
  question: string,
  { yes, signal }: { readonly yes: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const renewing = setInterval(() => holdings.renew(), STEP_MS);
  try {
    await terminal.agree(question, yes, signal);
  } finally {
    clearInterval(renewing);
  }
}

/**
 * Refuses a relay's letters, which are not events.
 *
 * @param what cannot be done with them
 * @throws OperatorError
 */
export function refuseRelay(
  letters: FoundDeadLetters,
  what: string,
): asserts letters is Exclude<FoundDeadLetters, { kind: 'relay' }> {
  if (letters.kind !== 'relay') return;
  throw wrongUse(
    `${letters.queueName} holds the keys of commits, which cannot be ${what}.`,
    `Publish them again: npx factbus relay repair ${letters.store.context} --dead-letters`,
  );
}
