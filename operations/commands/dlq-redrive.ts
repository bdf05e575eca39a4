import { Command } from 'commander';
import { sourceQueueOn } from '../catalogue.ts';
import type { Connection, Destination } from '../connection.ts';
import { type FoundQueue, requireQueue } from '../dead-letters/find-queue.ts';
import type { Holdings } from '../dead-letters/holdings.ts';
import type { Journal } from '../dead-letters/journal.ts';
import type { Letter } from '../dead-letters/letter.ts';
import { type Moved, move } from '../dead-letters/move.ts';
import { redriven } from '../dead-letters/redrive.ts';
import { isChosen } from '../dead-letters/selection.ts';
import { SqsSender } from '../dead-letters/sqs-sender.ts';
import { type Survey, survey } from '../dead-letters/survey.ts';
import { EXIT, type Exit, notFound } from '../failure.ts';
import { Pace } from '../pace.ts';
import { counted } from '../terminal/table.ts';
import { agreeWhileHolding, findDeadLetters, refuseRelay, withJournal } from './dead-letter-queue.ts';
import {
  type Agreement,
  count,
  rate,
  type SelectionOptions,
  selectionOf,
  withAgreement,
  withDestination,
  withJson,
  withSelection,
} from './options.ts';
import { resultOf, tellFindings, tellResult } from './redrive-report.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination, SelectionOptions, Agreement {
  readonly rate: number;
  readonly limit?: number;
  readonly alsoUncertain?: true;
  readonly json?: true;
}

const DEFAULT_RATE = 10;

export function dlqRedrive(session: Session, run: Run): Command {
  const command = new Command('redrive')
    .argument('<queue>', 'a consumer (orders), or its rule (orders-target): what EventBridge could not deliver')
    .summary('send dead letters back to their consumer')
    .description(
      'Sends dead letters back to the queue of the consumer that they failed in, and nowhere else: no other consumer sees ' +
        'them again. Oldest first, at a rate, so that a redrive is no storm. A letter that fails again comes back as a new ' +
        'one, and is not sent twice by the same command.\n\n' +
        'Ctrl-C stops it in order, and the same command goes on. Wherever it is cut off, even by a kill, each ' +
        'letter was sent once or is still there; what was sent and not removed yet is known from a journal on this machine.',
    );
  withSelection(command, () => session.clock.now())
    .optionsGroup('Options:')
    .option('--rate <n>', 'so many a second, or "unlimited"', rate, DEFAULT_RATE)
    .option('--limit <n>', 'the oldest so many of what is meant', count)
    .option('--also-uncertain', 'send also what a command that was cut off may have sent or not');
  withAgreement(command);
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus dlq redrive orders --dry-run
  $ npx factbus dlq redrive orders --reason transient_failure --rate 5 --stage prod
  $ npx factbus dlq redrive payments --type OrderPlaced --since 2h --where 'currency=EUR'
  $ npx factbus dlq redrive orders --limit 1 --yes        try one before the rest
  $ npx factbus dlq redrive orders-target                 what EventBridge could not deliver
`,
    )
    .action((name: string, options: Options) => run(() => redrive(session, name, options)));
}

async function redrive(session: Session, name: string, options: Options): Promise<Exit> {
  const { terminal, signal } = session;
  const connection = await connected(session, options);
  const letters = await findDeadLetters(session, connection, name);
  refuseRelay(letters, 'redriven');
  const source = sourceQueueOn(connection.busName, letters.subscription);
  const target = await requireQueue(connection.clients.queues, source);
  const { queue } = letters;
  return await withJournal(session, connection, queue, async (holdings, journal) => {
    const first = await read(session, queue, holdings, journal, options, []);
    tellFindings(first, queue, target, options, terminal);
    if (options.id !== undefined && first.chosen.length === 0 && first.settled === 0) {
      throw notFound(`${queue.name} holds no letter ${options.id.join(', ')}.`);
    }
    if (options.dryRun || first.chosen.length === 0) {
      if (options.json) terminal.printJson(resultOf(queue, target, first, NOTHING, 0));
      return first.uncertain.length > 0 && !options.dryRun ? EXIT.partly : EXIT.ok;
    }
    const question = `Redrive ${counted(first.chosen.length, 'letter')} to ${target.name}?`;
    await agreeWhileHolding(terminal, holdings, question, { yes: options.yes === true, signal });
    return await carryOut(session, connection, { queue, target, holdings, journal }, first, options);
  });
}

interface Way {
  readonly queue: FoundQueue;
  readonly target: FoundQueue;
  readonly holdings: Holdings;
  readonly journal: Journal;
}

async function carryOut(
  session: Session,
  { clients }: Connection,
  way: Way,
  first: Survey,
  options: Options,
): Promise<Exit> {
  const { terminal, clock, signal } = session;
  const { queue, target, holdings, journal } = way;
  const sender = new SqsSender(clients.queuesOnce, target.url, clock);
  const pace = new Pace(options.rate, clock);
  const startMs = clock.now();
  const sent: Letter[] = [];
  let all = NOTHING;
  let found = first;
  while (found.chosen.length > 0) {
    const progress = terminal.progress('redriving', found.chosen.length);
    const ports = { holdings, sender, journal, pace };
    const moved = await move(found.chosen, ports, {
      toOutgoing: (letter) => redriven(letter, target.isFifo),
      inOrder: target.isFifo,
      signal,
      onProgress: (done) => progress.at(done),
    }).finally(() => progress.end());
    all = sumOf(all, moved);
    sent.push(...found.chosen);
    const isOver = !found.isCutShort || signal.aborted || moved.moved === 0 || options.limit !== undefined;
    if (isOver) break;
    // What could not be read before: letters behind those of their group, or beyond what can be held at a time.
    found = await read(session, queue, holdings, journal, options, sent);
  }
  const elapsedMs = clock.now() - startMs;
  if (options.json) terminal.printJson(resultOf(queue, target, first, all, elapsedMs));
  else tellResult(all, queue, target, elapsedMs, terminal);
  if (signal.aborted) {
    terminal.say('Stopped. The same command goes on with the rest.');
    return EXIT.interrupted;
  }
  const isWhole =
    all.refused.length === 0 && all.uncertain.length === 0 && all.left === 0 && first.uncertain.length === 0;
  return isWhole ? EXIT.ok : EXIT.partly;
}

/** Reads the queue for what is meant, but for letters of events that were sent already: those have failed again. */
async function read(
  { terminal, clock, signal }: Session,
  queue: FoundQueue,
  holdings: Holdings,
  journal: Journal,
  options: Options,
  sent: readonly Letter[],
): Promise<Survey> {
  const selection = selectionOf(options);
  const known = new Set(sent.map(identityOf));
  const progress = terminal.progress(`reading ${queue.name}`, queue.depth);
  try {
    return await survey(holdings, {
      isChosen: (letter) => isChosen(selection, letter) && !known.has(identityOf(letter)),
      journal,
      clock,
      signal,
      alsoUncertain: options.alsoUncertain === true,
      dryRun: options.dryRun === true,
      ...(options.limit !== undefined && { limit: options.limit }),
      onRead: (count) => progress.at(count),
    });
  } finally {
    progress.end();
  }
}

function identityOf({ eventId, body }: Letter): string {
  return eventId ?? body;
}

const NOTHING: Moved = { moved: 0, refused: [], uncertain: [], left: 0 };

function sumOf(one: Moved, other: Moved): Moved {
  return {
    moved: one.moved + other.moved,
    refused: [...one.refused, ...other.refused],
    uncertain: [...one.uncertain, ...other.uncertain],
    left: one.left + other.left,
  };
}
