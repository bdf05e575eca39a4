import { Command } from 'commander';
import { type DeadLetters, deadLettersOn } from '../catalogue.ts';
import type { Connection, Destination } from '../connection.ts';
import { type FoundQueue, findQueue } from '../dead-letters/find-queue.ts';
import { Holdings } from '../dead-letters/holdings.ts';
import { noJournal } from '../dead-letters/journal.ts';
import { SqsLetterQueue } from '../dead-letters/sqs-letter-queue.ts';
import { type Summary, summarise } from '../dead-letters/summary.ts';
import { survey } from '../dead-letters/survey.ts';
import { EXIT, type Exit } from '../failure.ts';
import { formatDuration } from '../moment.ts';
import { type Cell, counted, formatCount, table } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { count, withDestination, withJson } from './options.ts';
import { connected, type Run, type Session } from './session.ts';

interface Options extends Destination {
  readonly look: number;
  readonly all?: true;
  readonly json?: true;
}

/** What is told of a queue. */
interface Row {
  readonly letters: DeadLetters;
  readonly queue: FoundQueue | undefined;
  readonly summary: Summary;
}

const DEFAULT_LOOK = 500;
const MOST_REASONS = 3;

export function dlqList(session: Session, run: Run): Command {
  const command = new Command('list')
    .summary('all dead-letter queues: how many letters, how old, and why')
    .description(
      'Shows all dead-letter queues: of the consumers, of their rules (what EventBridge could not deliver) and of the relays ' +
        '(what could not be published). Age and reasons are told by looking into the letters, which are hidden from others ' +
        'for as long as that takes.',
    )
    .optionsGroup('Options:')
    .option('--look <n>', 'look into so many letters of each queue at most', count, DEFAULT_LOOK)
    .option('--all', 'show empty queues as well');
  withJson(command);
  return withDestination(command)
    .addHelpText(
      'after',
      `
Examples:
  $ npx factbus dlq list --local
  $ npx factbus dlq list --stage prod --json | jq '.[] | select(.letters > 0) | .name'
`,
    )
    .action((options: Options) => run(() => list(session, options)));
}

async function list(session: Session, options: Options): Promise<Exit> {
  const { terminal, catalogue, clock } = session;
  const connection = await connected(session, options);
  const progress = terminal.progress('looking into queues');
  let done = 0;
  const rows = await Promise.all(
    deadLettersOn(connection.busName, catalogue).map(async (letters): Promise<Row> => {
      const row = await lookInto(session, connection, letters, options.look);
      done += 1;
      progress.at(done);
      return row;
    }),
  ).finally(() => progress.end());
  if (options.json) terminal.printJson(rows.flatMap(jsonOf));
  else terminal.print(...describe(rows, clock.now(), options.all === true, terminal));
  const missing = rows.filter(({ queue }) => queue === undefined).map(({ letters }) => letters.queueName);
  if (missing.length > 0) terminal.say(`Not there: ${missing.join(', ')}. Is this version deployed to the stage?`);
  return EXIT.ok;
}

async function lookInto(
  { clock, signal }: Session,
  { clients }: Connection,
  letters: DeadLetters,
  most: number,
): Promise<Row> {
  const queue = await findQueue(clients.queues, letters.queueName);
  if (queue === undefined || queue.depth === 0) return { letters, queue, summary: summarise([]) };
  const holdings = new Holdings(new SqsLetterQueue(clients.queues, queue.url), clock);
  try {
    const { chosen } = await survey(holdings, { isChosen: () => true, journal: noJournal, clock, most, signal });
    return { letters, queue, summary: summarise(chosen) };
  } finally {
    await holdings.giveBack();
  }
}

/** What lies in a queue: SQS counts with a delay, and we have looked. */
function lettersIn({ queue, summary }: Row): number {
  return Math.max(queue?.depth ?? 0, summary.lookedAt);
}

function describe(rows: readonly Row[], nowMs: number, showEmpty: boolean, terminal: Terminal): readonly string[] {
  const found = rows.filter(({ queue }) => queue !== undefined);
  const full = found.filter((row) => lettersIn(row) > 0);
  const total = full.reduce((sum, row) => sum + lettersIn(row), 0);
  const empty = found.length - full.length;
  const sum =
    total === 0
      ? `${terminal.paint('green', '✔')} No dead letters in ${counted(found.length, 'queue')}.`
      : `${counted(total, 'dead letter')} in ${counted(full.length, 'queue')}; ${empty === 0 ? 'none is empty' : `${formatCount(empty)} ${empty === 1 ? 'is' : 'are'} empty`}.`;
  const shown = showEmpty ? found : full;
  if (shown.length === 0) return [sum];
  const columns = [
    { title: 'queue' },
    { title: 'letters', align: 'right' as const },
    { title: 'held', align: 'right' as const },
    { title: 'oldest', align: 'right' as const },
    { title: 'why' },
  ];
  const lines = table(
    columns,
    shown.map((row) => cellsOf(row, nowMs, terminal)),
    (title) => terminal.paint('dim', title),
  );
  return [...lines, '', sum];
}

function cellsOf(row: Row, nowMs: number, terminal: Terminal): readonly Cell[] {
  const { letters, queue, summary } = row;
  const { oldestMs, reasons, lookedAt } = summary;
  const number = lettersIn(row);
  const rest = reasons.slice(MOST_REASONS).reduce((sum, reason) => sum + reason.count, 0);
  const why = [
    ...reasons.slice(0, MOST_REASONS).map(({ name, count }) => `${name} ${formatCount(count)}`),
    ...(rest > 0 ? [`others ${formatCount(rest)}`] : []),
  ];
  const seen = lookedAt > 0 && lookedAt < number ? ` (of ${formatCount(lookedAt)} looked at)` : '';
  return [
    letters.name,
    { text: formatCount(number), paint: (text) => (number > 0 ? terminal.paint('yellow', text) : text) },
    queue === undefined || queue.held === 0 ? '' : formatCount(queue.held),
    oldestMs === undefined ? '' : formatDuration(nowMs - oldestMs),
    why.join(', ') + seen,
  ];
}

function jsonOf(row: Row): readonly object[] {
  const { letters, queue, summary } = row;
  if (queue === undefined) return [];
  const { oldestMs, lookedAt, reasons, types } = summary;
  return [
    {
      name: letters.name,
      kind: letters.kind,
      queue: queue.name,
      letters: lettersIn(row),
      held: queue.held,
      oldest: oldestMs === undefined ? null : new Date(oldestMs).toISOString(),
      lookedAt,
      reasons,
      types,
    },
  ];
}
