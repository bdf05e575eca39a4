import { Command } from 'commander';
import type { Destination } from '../connection.ts';
import { Holdings } from '../dead-letters/holdings.ts';
import { noJournal } from '../dead-letters/journal.ts';
import { isChosen } from '../dead-letters/selection.ts';
import { SqsLetterQueue } from '../dead-letters/sqs-letter-queue.ts';
import { survey } from '../dead-letters/survey.ts';
import { EXIT, type Exit, notFound } from '../failure.ts';
import { counted, formatCount } from '../terminal/table.ts';
import { findDeadLetters } from './dead-letter-queue.ts';
import { describeLetter, letterJson, letterTable } from './letter-output.ts';
import { count, type SelectionOptions, selectionOf, withDestination, withJson, withSelection } from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination, SelectionOptions {
  readonly limit: number;
  readonly json?: true;
}

const DEFAULT_LIMIT = 50;

export function dlqShow(session: Session, run: Run): Command {
  const command = new Command('show')
    .argument(
      '<queue>',
      'a consumer (orders), its rule (orders-target) or a relay (orders-relay); dlq list --all names all',
    )
    .argument('[id]', 'of a message or an event: shows all that is known of it')
    .summary('dead letters with their reasons, or one of them in full')
    .description('Shows the dead letters of a queue, oldest first, or with an id all that is known of one.');
  withSelection(command, () => session.clock.now())
    .optionsGroup('Options:')
    .option('--limit <n>', 'show so many', count, DEFAULT_LIMIT);
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus dlq show orders --local
  $ npx factbus dlq show payments --reason invalid --since 2h
  $ npx factbus dlq show orders 8f14e45f-ceea-467f-a8cf-2f1f5b0c9d11
  $ npx factbus dlq show orders --where 'currency=EUR' --json | jq -r '.[].eventId'
`,
    )
    .action((name: string, id: string | undefined, options: Options) => run(() => show(session, name, id, options)));
}

async function show(session: Session, name: string, id: string | undefined, options: Options): Promise<Exit> {
  const { terminal, clock, signal } = session;
  const connection = await connected(session, options);
  const { queue } = await findDeadLetters(session, connection, name);
  const selection = { ...selectionOf(options), ...(id !== undefined && { ids: [id] }) };
  const holdings = new Holdings(new SqsLetterQueue(connection.clients.queues, queue.url), clock);
  const progress = terminal.progress(`reading ${queue.name}`, queue.depth);
  try {
    const found = await survey(holdings, {
      isChosen: (letter) => isChosen(selection, letter),
      journal: noJournal,
      clock,
      signal,
      onRead: (read) => progress.at(read),
    });
    progress.end();
    const { chosen, lookedAt, isCutShort } = found;
    if (id !== undefined && chosen.length === 0) {
      throw notFound(
        `${queue.name} holds no letter ${id} (${counted(lookedAt, 'letter')} looked at${queue.held > 0 ? `, ${formatCount(queue.held)} held by others` : ''}).`,
      );
    }
    const shown = chosen.slice(0, options.limit);
    if (options.json) terminal.printJson(shown.map(letterJson));
    else if (id !== undefined) {
      terminal.print(
        ...shown.flatMap((letter, n) => [
          ...(n > 0 ? ['', ''] : []),
          ...describeLetter(letter, queue.name, clock.now(), terminal),
        ]),
      );
    } else {
      if (shown.length > 0) terminal.print(...letterTable(shown, clock.now(), terminal), '');
      const more = chosen.length > shown.length ? `, ${formatCount(shown.length)} shown` : '';
      terminal.print(`${counted(chosen.length, 'letter')} of ${formatCount(lookedAt)} in ${queue.name}${more}.`);
    }
    if (isCutShort) terminal.say('There may be more, which could not be looked at together with these.');
    return EXIT.ok;
  } finally {
    progress.end();
    await holdings.giveBack();
  }
}
