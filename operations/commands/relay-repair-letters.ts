import type { Commit } from '../../functions/backbone/event-store.ts';
import { type Store, tableOn } from '../catalogue.ts';
import type { Connection } from '../connection.ts';
import { type HeldLetter, survey } from '../dead-letters/survey.ts';
import { EXIT, type Exit } from '../failure.ts';
import type { Repaired } from '../relay/repair.ts';
import { readUnpublished, type Unpublished } from '../relay/unpublished.ts';
import { counted } from '../terminal/table.ts';
import { findDeadLetters, withJournal } from './dead-letter-queue.ts';
import { exitOf, type RepairOptions, repairOf, tell } from './repairing.ts';
import type { Session } from './session.ts';

/** How often holds are renewed while it is published. */
const RENEW_EVERY_MS = 1_000;

/** Publishes what the relay's dead letters name, and removes those of which everything is out. */
export async function mendDeadLetters(
  session: Session,
  connection: Connection,
  store: Store,
  options: RepairOptions,
): Promise<Exit> {
  const { terminal, clock, signal } = session;
  const { queue } = await findDeadLetters(session, connection, `${store.context}-relay`);
  return await withJournal(session, connection, queue, async (holdings, journal) => {
    const renewing = setInterval(() => holdings.renew(), RENEW_EVERY_MS);
    const startMs = clock.now();
    const { publish, end } = repairOf(session, connection, store, options);
    try {
      const { chosen } = await survey(holdings, { isChosen: () => true, journal, clock, signal });
      const found: Unpublished[] = [];
      for (const letter of chosen) found.push(await unpublishedOf(connection, store, letter));
      const named = found.filter(({ commits }) => commits.length > 0);
      if (!options.dryRun && named.length > 0) {
        const question = `Publish again what ${counted(named.length, 'letter')} in ${queue.name} ${named.length === 1 ? 'names' : 'name'}, as ${store.source}?`;
        await terminal.agree(question, options.yes === true, signal);
      }
      const parts: Repaired[] = [];
      for (const { letter, commits } of named) {
        const repaired = await publish(pageOf(commits));
        parts.push(repaired);
        if (signal.aborted) break;
        if (!options.dryRun && repaired.unpublished.length === 0) await holdings.remove([letter.receipt]);
      }
      const repaired = sumOf(parts);
      if (chosen.length === 0) terminal.say(`There is no letter in ${queue.name}.`);
      tell(session, store, repaired, clock.now() - startMs, options);
      const unnamed = found.filter(({ commits }) => commits.length === 0);
      for (const { letter, why } of unnamed) {
        terminal.say(`  ${letter.messageId} (${letter.type ?? 'unreadable'}) stays in ${queue.name}: ${why}`);
      }
      return unnamed.length > 0 && !signal.aborted ? EXIT.partly : exitOf(session, repaired);
    } finally {
      end();
      clearInterval(renewing);
    }
  });
}

async function unpublishedOf({ clients, busName }: Connection, store: Store, letter: HeldLetter): Promise<Unpublished> {
  return await readUnpublished(clients.documents, tableOn(busName, store), letter);
}

async function* pageOf(commits: readonly Commit[]): AsyncGenerator<readonly Commit[]> {
  yield commits;
}

function sumOf(parts: readonly Repaired[]): Repaired {
  return {
    commits: parts.reduce((sum, { commits }) => sum + commits, 0),
    published: parts.reduce((sum, { published }) => sum + published, 0),
    unpublished: parts.flatMap(({ unpublished }) => unpublished),
  };
}
